// What a scenario works with: pages, a person who is signed up, checks and screenshots.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 375, height: 812 },
};

export const PASSWORD = 'Sunny-Day-42';

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

export function assertEqual(actual, expected, what) {
  assert(
    actual === expected,
    `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`,
  );
}

/** Fails unless what `read` answers becomes `expected` within five seconds: a page follows a moment after what it is told. */
export async function assertBecomes(read, expected, what) {
  const until = Date.now() + 5000;
  let actual = await read();
  while (actual !== expected && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    actual = await read();
  }
  assertEqual(actual, expected, what);
}

let people = 0;

export function openWorld({ browser, base, shots, name }) {
  const contexts = [];
  const noise = [];

  /** A page in a browser profile of its own. */
  async function open({ size = 'desktop', theme = 'light' } = {}) {
    const context = await browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      isMobile: size === 'phone',
      hasTouch: size === 'phone',
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => noise.push(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // Refused requests are part of the scenarios, and the policy refuses pictures of instances without https, as the
      // simulated one is. What the page itself complains about is not.
      const expected = /^Failed to load resource|^Loading the image 'http:/.test(text);
      if (message.type() === 'error' && !expected) noise.push(text);
    });
    return page;
  }

  const go = (page, path) => page.goto(base + path, { waitUntil: 'load' });

  /** Signs a new person up through the page and waits for the overview. */
  async function signUp(
    page,
    { organization = 'Northwind Studio', name: person = 'Ada Lovelace' } = {},
  ) {
    people += 1;
    const email = `person${people}.${Date.now()}@example.org`;
    await go(page, '/signup');
    await page.getByLabel('Your name').fill(person);
    await page.getByLabel('Organisation').fill(organization);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    return { email, password: PASSWORD };
  }

  /** Fails on anything axe finds against WCAG 2.2 A and AA. */
  async function checkAccessible(page, what) {
    await page.evaluate(await readFile(axeFile, 'utf8'));
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n    ${nodes
            .slice(0, 3)
            .map(
              (node) =>
                `${node.html.slice(0, 160)}\n      ${node.any.map((check) => check.message).join(' ')}`,
            )
            .join('\n    ')}`,
      );
    });
    assert(found.length === 0, `${what} is not accessible:\n  ${found.join('\n  ')}`);
  }

  /** Fails if the page is wider than the window. */
  async function checkFits(page, what) {
    const { content, window: width } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      // A phone's window grows with what is too wide; this does not.
      window: document.documentElement.clientWidth,
    }));
    assert(content <= width, `${what} is ${content} pixels wide in a window of ${width}`);
  }

  return {
    base,
    open,
    go,
    signUp,
    checkAccessible,
    checkFits,
    shoot: (page, label) => page.screenshot({ path: `${shots}/${name}-${label}.png` }),
    shootFailure: () =>
      Promise.all(
        contexts
          .flatMap((context) => context.pages())
          .map((page, index) =>
            page
              .screenshot({ path: `${shots}/${name}-FAILED-${index + 1}.png` })
              .catch(() => undefined),
          ),
      ),
    /** What the pages complained about so far. */
    noise: () => [...new Set(noise)],
    /** Fails if a page threw an error or broke the content security policy. */
    checkQuiet: () =>
      assert(noise.length === 0, `the pages complained:\n  ${[...new Set(noise)].join('\n  ')}`),
    close: () => Promise.all(contexts.map((context) => context.close())),
  };
}

/** A PNG of one colour with a disc on it, drawn by the browser, as a file for setInputFiles. */
export async function drawPng(page, fileName, { width = 640, height = 480, hue = 200 } = {}) {
  const base64 = await page.evaluate(
    ([w, h, tone]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const context = canvas.getContext('2d');
      context.fillStyle = `hsl(${tone} 45% 45%)`;
      context.fillRect(0, 0, w, h);
      context.fillStyle = `hsl(${tone + 40} 80% 80%)`;
      context.beginPath();
      context.arc(w * 0.7, h * 0.35, h * 0.18, 0, 7);
      context.fill();
      return canvas.toDataURL('image/png').split(',')[1];
    },
    [width, height, hue],
  );
  return { name: fileName, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') };
}
