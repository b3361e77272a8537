// Every screen of the frame, in both themes and both sizes: axe finds nothing, and nothing is wider than the window.
import { assert, drawPng } from '../world.mjs';

const OUTSIDE = ['/login', '/signup', '/invite'];
const INSIDE = [
  '/',
  '/compose',
  '/calendar',
  '/posts',
  '/accounts',
  '/media',
  '/settings/profile',
  '/settings/organization',
  '/settings/members',
  '/settings/tokens',
  '/settings/networks',
  '/settings/about',
  '/no/such/page',
];

/** Opens each dialog and menu once: [address, how, label]. */
const OPENED = [
  [
    '/accounts',
    (page) => page.getByRole('button', { name: 'Connect account' }).first().click(),
    'connect',
  ],
  ['/settings/members', (page) => page.getByRole('button', { name: 'Invite' }).click(), 'invite'],
  ['/settings/tokens', (page) => page.getByRole('button', { name: 'New token' }).click(), 'token'],
  ['/', (page) => page.keyboard.press('Control+k'), 'palette'],
  ['/', (page) => page.keyboard.press('?'), 'shortcuts'],
];

/** Waits for the page's code and for what it shows. */
async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(
    () =>
      !document.querySelector('[role="img"][aria-label="Loading"]') &&
      ![...document.querySelectorAll('[role="status"]')].some((node) =>
        /…$/.test(node.textContent),
      ),
  );
}

export default async function accessibility({
  open,
  go,
  signUp,
  shoot,
  checkAccessible,
  checkFits,
}) {
  const problems = [];
  for (const theme of ['light', 'dark']) {
    for (const size of ['desktop', 'phone']) {
      const page = await open({ theme, size });
      const check = async (label) => {
        await settled(page);
        const what = `${label}-${size}-${theme}`;
        await shoot(page, what);
        // All of them are told at once, so that one run shows what there is to mend.
        for (const verify of [checkFits, checkAccessible]) {
          await verify(page, what).catch((error) => problems.push(error.message));
        }
      };
      const nameOf = (path) => path.slice(1).replaceAll('/', '-') || 'overview';

      for (const path of OUTSIDE) {
        await go(page, path);
        await check(nameOf(path));
      }
      await signUp(page);
      await go(page, '/media');
      await page.locator('input[type="file"]').setInputFiles(await drawPng(page, 'harbour.png'));
      await page.getByRole('button', { name: /Edit harbour/ }).waitFor();
      for (const path of INSIDE) {
        await go(page, path);
        await check(nameOf(path));
      }
      for (const [path, act, label] of OPENED) {
        await go(page, path);
        await settled(page);
        await act(page);
        await page.getByRole('dialog').waitFor();
        await check(label);
      }
      await go(page, '/media');
      await page.getByRole('button', { name: /Edit harbour/ }).click();
      await page.getByRole('dialog').waitFor();
      await check('media-edit');
    }
  }
  assert(problems.length === 0, problems.join('\n'));
}
