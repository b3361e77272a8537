// From nothing to a session: sign up, the guide, shortcuts, log out, log in and be where one wanted to be.
import { assert, assertEqual } from '../world.mjs';

export default async function firstSteps({ open, go, signUp, shoot, base }) {
  const page = await open();

  await go(page, '/signup');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'));
  assertEqual(focused, 'true', 'a refused form puts the focus on its first problem');
  await shoot(page, 'signup-refused');

  const { email, password } = await signUp(page);
  const guide = page.getByRole('region', { name: 'First steps' });
  await guide.getByText('0 of 3 done').waitFor();
  await shoot(page, 'overview-new');

  // Keys.
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  await page.getByRole('status').getByText('Accounts · AllIN').waitFor({ state: 'attached' });
  assertEqual(
    await page.evaluate(() => document.activeElement?.id),
    'main',
    'what has the focus after changing the page',
  );
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await shoot(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('netw');
  await shoot(page, 'palette');
  await page.getByRole('dialog').getByRole('combobox').fill('media');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/media');

  // The theme is kept, and set before the page is painted.
  await go(page, '/settings/profile');
  await page.getByRole('radio', { name: 'Dark' }).check();
  assertEqual(await page.locator('html').getAttribute('data-theme'), 'dark', 'the theme chosen');
  await page.reload();
  assertEqual(
    await page.locator('html').getAttribute('data-theme'),
    'dark',
    'the theme after reload',
  );

  // Dismissing the guide is remembered.
  await go(page, '/');
  await page.getByRole('button', { name: 'Dismiss the guide' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Up next' }).waitFor();
  assertEqual(await guide.count(), 0, 'guides after dismissal');

  // Log out; the address asked for is where the log-in leads.
  await page.getByRole('button', { name: /^You: / }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await go(page, '/settings/organization');
  await page.waitForURL(/\/login\?next=/);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('Wrong-Password-1');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').first().waitFor();
  await shoot(page, 'login-refused');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL('**/settings/organization');

  await go(page, '/no/such/page');
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor();

  // Nothing leads out of the app by way of `next`.
  await go(page, `/login?next=${encodeURIComponent('//evil.example/')}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  assert(page.url().startsWith(base), `the log-in led to ${page.url()}`);
}
