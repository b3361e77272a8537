// Every network of the sandbox is connected through its page of consent, and each of its formats is published from the composer.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, drawPng } from '../world.mjs';
import { publishNow, state } from './posts-publish.mjs';

/** Those that need a developer app. */
const NETWORKS = 'facebook instagram linkedin pinterest threads tiktok x youtube'.split(' ');

export const serverEnv = (sandbox) => ({
  ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true',
  ...Object.fromEntries(
    NETWORKS.flatMap((name) => [
      ...['API_URL', 'AUTH_URL', 'UPLOAD_URL', 'SITE_URL'].map((key) => [
        `ALLIN__NETWORKS__${name.toUpperCase()}__${key}`,
        `${sandbox}/${name}`,
      ]),
      [`ALLIN__NETWORKS__${name.toUpperCase()}__CLIENT_ID`, 'sandbox-app'],
      [`ALLIN__NETWORKS__${name.toUpperCase()}__CLIENT_SECRET`, 'sandbox-secret'],
    ]),
  ),
});

const SOURCE = ['-f', 'lavfi', '-i'];
const TONE = [...SOURCE, 'sine=frequency=330:sample_rate=48000:duration=6'];

/** A file that ffmpeg makes. */
function made(name, mimeType, what) {
  const folder = mkdtempSync(join(tmpdir(), 'allin-film-'));
  const file = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...what, file]);
  const buffer = readFileSync(file);
  rmSync(folder, { recursive: true });
  return { name, mimeType, buffer };
}

/** Six seconds of an upright film with a tone. */
const film = () =>
  made('harbour.mp4', 'video/mp4', [
    ...[...SOURCE, 'testsrc2=size=720x1280:rate=30:duration=6', ...TONE],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-movflags', '+faststart'],
  ]);

/** The tone alone. */
const sound = () => made('harbour.mp3', 'audio/mpeg', TONE);

/** A document of one empty page. */
const PAPER = {
  name: 'menu.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n',
  ),
};

async function connect({ go, base, sandbox }, page, network) {
  const dialog = page.getByRole('dialog');
  await go(page, '/accounts?connect=1');
  await dialog.getByRole('button', { name: new RegExp(`^${network.name}`) }).click();
  if (network.platform === 'mastodon') {
    await dialog.getByRole('textbox').first().fill(sandbox.base);
  }
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await page.waitForURL(`${sandbox.base}/**`);
  await page.locator('button[value="approve"], button:has-text("Approve")').first().click();
  await page.waitForURL(new RegExp(`^${base}/accounts`));
  if (page.url().includes('/choose/')) {
    const boxes = page.getByRole('checkbox');
    await boxes.first().waitFor();
    for (const box of (await boxes.all()).slice(1)) await box.uncheck();
    await boxes.first().check();
    await page.getByRole('button', { name: /^Connect/ }).click();
  }
  await page.locator('main li', { hasText: network.name }).getByText('Connected').waitFor();
}

/** The files that a format takes, as few as it lets. */
async function filesFor(page, { media }, { video, audio }) {
  if (media.max === 0) return [];
  if (media.images && (media.min > 0 || !media.videos)) {
    const pictures = [];
    for (let index = 0; index < Math.max(media.min, 1); index += 1) {
      const size = { width: 1080, height: 1080, hue: 60 * index };
      pictures.push(await drawPng(page, `picture-${index}.png`, size));
    }
    return pictures;
  }
  if (media.videos && media.min > 0) return [video];
  if (media.min === 0) return [];
  return [media.audio ? audio : PAPER];
}

/** What a network insists on. */
async function fillOption(page, field) {
  const options = page.getByRole('region', { name: /^Options for/ });
  const input = options.getByLabel(field.label).first();
  switch (field.kind.kind) {
    case 'choice':
    case 'lookup':
      await input.locator('option[value]:not([value=""])').first().waitFor({ state: 'attached' });
      return input.selectOption({ index: 1 });
    case 'poll':
      await options.getByRole('button', { name: 'Add a poll' }).click();
      for (const answer of [1, 2]) {
        await options.getByLabel(`Answer ${answer}`, { exact: true }).fill(`Answer ${answer}`);
      }
      return undefined;
    default:
      return input.fill(field.kind.kind === 'link' ? 'https://northwind.example' : 'Northwind');
  }
}

/** Writes a post of this format, and lets it go. Its page's address. */
async function send({ go, base, shoot }, page, network, format, madeFiles) {
  await go(page, '/compose');
  const account = page.getByRole('checkbox', { name: new RegExp(`on ${network.name}$`) });
  await account.waitFor();
  for (const box of await page.getByRole('checkbox', { name: / on / }).all()) await box.uncheck();
  await account.check();
  if (format.text.maxCharacters > 0) {
    await page
      .getByRole('textbox', { name: 'Text of the post' })
      .fill(`A ${format.name} for ${network.name}`);
  }
  const files = await filesFor(page, format, madeFiles);
  if (files.length > 0) {
    await page.locator('main input[type=file]').first().setInputFiles(files);
  }
  await page.getByRole('tab', { name: new RegExp(`on ${network.name}$`) }).click();
  if (network.formats.length > 1) {
    await page.getByLabel('Publish as').selectOption({ label: format.name });
  }
  for (const field of format.options.filter(({ required }) => required)) {
    await fillOption(page, field);
  }
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^\d+ problem/ }).waitFor({ state: 'hidden' });
  await shoot(page, `${network.platform}-${format.id}`);
  await publishNow(page, base);
  return page.url();
}

/** Waits until it is out, and follows its link. */
async function see(page, address) {
  await page.goto(address);
  await state(page, 'Published');
  const link = await page.getByRole('link', { name: 'View', exact: true }).getAttribute('href');
  assert((await fetch(link)).ok, `${link} does not open`);
}

export default async function everyFormat(world) {
  const page = await world.open();
  await world.signUp(page);
  const networks = await page.evaluate(
    async () => (await (await fetch('/api/v1/networks')).json()).data,
  );
  const session = await page.context().storageState();
  const files = { video: film(), audio: sound() };
  const failures = [];
  const simulated = networks.filter(
    ({ platform }) => platform === 'mastodon' || NETWORKS.includes(platform),
  );
  /** Each network in a browser of its own, all at the same time; what fails is told when all are done. */
  const visits = await Promise.all(
    simulated.map(async (network) => {
      const own = await world.open();
      own.setDefaultTimeout(45_000);
      await own.context().addCookies(session.cookies);
      return { network, own, sent: [] };
    }),
  );
  const each = (step) =>
    Promise.all(
      visits.map(async (visit) => {
        try {
          await step(visit);
        } catch (error) {
          failures.push(`${visit.network.name}, ${visit.doing}: ${error.message.split('\n')[0]}`);
          await world.shoot(visit.own, `${visit.network.platform}-FAILED`);
        }
      }),
    );

  await each(async (visit) => {
    visit.doing = 'connecting';
    await connect(world, visit.own, visit.network);
  });
  await each(async (visit) => {
    for (const format of visit.network.formats) {
      visit.doing = format.name;
      const address = await send(world, visit.own, visit.network, format, files);
      visit.sent.push([format.name, address]);
    }
  });
  // The networks take their time over films; nobody here has to.
  await fetch(`${world.sandbox.base}/sandbox/clock`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"seconds":120}',
  });
  await each(async (visit) => {
    for (const [name, address] of visit.sent) {
      visit.doing = name;
      await see(visit.own, address);
    }
  });
  assert(failures.length === 0, `not published:\n  ${failures.join('\n  ')}`);
}
