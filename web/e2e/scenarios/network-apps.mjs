// A network that lets only registered apps in: its app is set up, tested, used to connect an account, and removed.
import { assert, assertBecomes, assertEqual } from '../world.mjs';

export const serverEnv = (sandbox) => ({
  ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true',
  ALLIN__NETWORKS__X__API_URL: `${sandbox}/x`,
  ALLIN__NETWORKS__X__AUTH_URL: `${sandbox}/x`,
  ALLIN__NETWORKS__X__UPLOAD_URL: `${sandbox}/x`,
  // This one's app is the operator's.
  ALLIN__NETWORKS__FACEBOOK__API_URL: `${sandbox}/facebook`,
  ALLIN__NETWORKS__FACEBOOK__AUTH_URL: `${sandbox}/facebook`,
  ALLIN__NETWORKS__FACEBOOK__UPLOAD_URL: `${sandbox}/facebook`,
  ALLIN__NETWORKS__FACEBOOK__CLIENT_ID: 'sandbox-app',
  ALLIN__NETWORKS__FACEBOOK__CLIENT_SECRET: 'sandbox-secret',
});

export default async function networkApps(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits, base, sandbox } = world;
  const page = await open();
  const dialog = page.getByRole('dialog');
  await signUp(page);

  // Without its app the network can't be connected, and says where that is mended.
  await go(page, '/accounts?connect=1');
  await dialog.getByRole('button', { name: /^X / }).click();
  await dialog.getByRole('button', { name: 'Continue on X' }).click();
  await dialog.getByText('Settings → Networks', { exact: false }).waitFor();

  await go(page, '/settings/networks');
  const row = page.locator('li', { has: page.locator('summary', { hasText: /^X/ }) });
  await row.getByText('Not set up').waitFor();
  await row.locator('summary').click();
  assertEqual(
    await row.locator('code').first().innerText(),
    `${base}/api/v1/oauth/callback`,
    'the redirect address',
  );
  await row.getByText('tweet.write', { exact: true }).waitFor();

  // A wrong secret is found out.
  const fill = async (id, secret) => {
    await row.getByLabel('App id').fill(id);
    await row.getByLabel('App secret', { exact: true }).fill(secret);
    await row.getByRole('button', { name: 'Save and test' }).click();
  };
  await fill('sandbox-app', 'mistyped');
  await row.getByText('Something is not right yet').waitFor();
  await shoot(page, 'wrong');
  await fill('sandbox-app', 'sandbox-secret');
  await row.getByText('Accounts can be connected', { exact: true }).waitFor();
  await row.getByText('Ready').waitFor();
  await assertBecomes(
    () => row.getByLabel('App secret', { exact: true }).inputValue(),
    '',
    'the secret',
  );
  assert(!(await page.content()).includes('sandbox-secret'), 'the secret is in the page');
  await checkAccessible(page, 'the developer apps');
  await page.setViewportSize({ width: 375, height: 812 });
  await checkFits(page, 'the developer apps');
  await shoot(page, 'ready-phone');
  await page.setViewportSize({ width: 1440, height: 900 });

  // With it, people get to the network's page and come back connected.
  await go(page, '/accounts?connect=1');
  await dialog.getByRole('button', { name: /^X / }).click();
  await dialog.getByRole('button', { name: 'Continue on X' }).click();
  await page.waitForURL(`${sandbox.base}/x/**`);
  await page.getByRole('button', { name: /authori[sz]e/i }).click();
  await page.waitForURL(`${base}/accounts`);
  await page.locator('main li').getByText('Connected', { exact: true }).waitFor();
  await shoot(page, 'connected');

  await go(page, '/settings/networks');
  await row.locator('summary').click();
  await row.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove app' }).click();
  await row.getByText('Not set up').waitFor();
  await assertBecomes(() => row.getByLabel('App id').inputValue(), '', 'the id after the removal');
  await page
    .locator('summary', { hasText: 'Facebook' })
    .first()
    .getByText('With the app that this server offers to all.')
    .waitFor();

  // Where the yes opens several pages, a person chooses among them, once.
  await go(page, '/accounts?connect=1');
  await dialog.getByRole('button', { name: /^Facebook/ }).click();
  await dialog.getByRole('button', { name: 'Continue on Facebook' }).click();
  await page.waitForURL(`${sandbox.base}/facebook/**`);
  await shoot(page, 'facebook');
  await page.locator('button[value="approve"]').click();
  await page.waitForURL(`${base}/accounts/choose/*`);
  await page.getByRole('heading', { name: 'Which accounts?' }).waitFor();
  const choices = page.getByRole('checkbox');
  await choices.first().waitFor();
  assert((await choices.count()) > 1, 'there is nothing to choose');
  assert(await page.getByRole('button', { name: 'Connect' }).isDisabled(), 'connects nothing');
  await choices.nth(1).check();
  await checkAccessible(page, 'the choice of accounts');
  await shoot(page, 'choose');
  const choice = page.url();
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.waitForURL(`${base}/accounts`);
  await page.locator('main li', { hasText: 'Facebook' }).getByText('Connected').waitFor();
  await page.goto(choice);
  await page.getByRole('heading', { name: 'This choice is over' }).waitFor();
}
