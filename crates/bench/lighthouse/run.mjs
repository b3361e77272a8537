// Judges pages with Lighthouse (developer.chrome.com/docs/lighthouse), as a phone on a slow connection and as a desktop:
//
//   node run.mjs SERVER E-MAIL PASSWORD
//
// Prints a line of JSON for each page and kind of device: {"page", "device", "performance", "accessibility",
// "best-practices"}, the latter three from 0 to 100. CHROMIUM_PATH names the browser.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';

const PAGES = ['/', '/compose', '/calendar', '/posts', '/media', '/accounts', '/settings/networks'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const [server, email, password] = process.argv.slice(2);

async function judge(page, path) {
  for (const [device, config] of [['phone'], ['desktop', desktopConfig]]) {
    // Lighthouse would clear the cookies too, and be logged out.
    const session = await page.createCDPSession();
    await session.send('Network.clearBrowserCache');
    await session.detach();
    const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: 'error' };
    const { lhr } = await lighthouse(server + path, flags, config, page);
    if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
    const scores = CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
    console.log(JSON.stringify({ page: path, device, ...Object.fromEntries(scores) }));
  }
}

const userDataDir = await mkdtemp(join(tmpdir(), 'allin-lighthouse-'));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM_PATH,
  userDataDir,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--no-first-run'],
});
try {
  const page = await browser.newPage();
  await judge(page, '/login');
  await page.goto(`${server}/login`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('nav a[href="/posts"]').wait();
  for (const path of PAGES) await judge(page, path);
} finally {
  await browser.close();
  await rm(userDataDir, { recursive: true, force: true });
}
