// What happens when the session's cookies go: silent renewal, or the log-in page and back.
import { assert } from '../world.mjs';

export default async function session({ open, go, signUp }) {
  const page = await open();
  const { email, password } = await signUp(page);
  const context = page.context();

  const before = await context.cookies();
  assert(
    before.some(({ name, httpOnly }) => name === 'allin_access' && httpOnly),
    'the access cookie is readable by scripts, or missing',
  );

  // The access token has run out: the next page load renews it without a word.
  await context.clearCookies({ name: 'allin_access' });
  await go(page, '/accounts');
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  assert(
    (await context.cookies()).some(({ name }) => name === 'allin_access'),
    'the session was not renewed',
  );

  // The whole session is gone while a page is open: the next request leads to the log-in page, and back.
  await context.clearCookies({ name: 'allin_access' });
  await context.clearCookies({ name: 'allin_refresh' });
  await follow(page, '/media');
  const next = await loggedOut(page);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`**${next}`);
  await page.getByRole('heading', { name: TITLE[next], level: 1 }).waitFor();

  // The same, with the readable cookie gone as well.
  await context.clearCookies();
  await follow(page, next === '/media' ? '/accounts' : '/media');
  await loggedOut(page);
}

const TITLE = { '/accounts': 'Accounts', '/media': 'Media' };

/** Clicks a link if it is still there: a request the page makes by itself may have noticed the lost session before. */
function follow(page, path) {
  return page.evaluate((to) => document.querySelector(`nav a[href="${to}"]`)?.click(), path);
}

/** Waits for the log-in page; where it leads back to. */
async function loggedOut(page) {
  await page.waitForURL(/\/login\?next=\/(accounts|media)$/);
  return new URL(page.url()).searchParams.get('next');
}
