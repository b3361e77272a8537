// An account's quota is told where accounts are, where a time is chosen and beside the post; AllIN keeps it by itself.
import { assertEqual } from '../world.mjs';

const KEYS = ['API_URL', 'AUTH_URL', 'UPLOAD_URL'];

export const serverEnv = (sandbox) => ({
  ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true',
  ...Object.fromEntries(KEYS.map((key) => [`ALLIN__NETWORKS__X__${key}`, `${sandbox}/x`])),
  ALLIN__NETWORKS__X__CLIENT_ID: 'sandbox-app',
  ALLIN__NETWORKS__X__CLIENT_SECRET: 'sandbox-secret',
});

/** Publishes or plans threads until X would take no more of the account in 15 minutes. */
async function useUp(page, scheduledAt) {
  const answers = await page.evaluate(async (at) => {
    const csrf = /allin_csrf=([^;]+)/.exec(document.cookie)[1];
    const accounts = await (await fetch('/api/v1/social-accounts')).json();
    const statuses = [];
    for (let thread = 0; thread < 4; thread += 1) {
      const parts = Array.from({ length: 25 }, (_, part) => ({
        text: `Thread ${thread}, ${part}`,
      }));
      const targets = [{ socialAccountId: accounts.data[0].id }];
      const answer = await fetch('/api/v1/posts', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body: JSON.stringify({
          parts,
          targets,
          ...(at ? { scheduledAt: at } : { publishNow: true }),
        }),
      });
      statuses.push(answer.status);
    }
    return statuses;
  }, scheduledAt);
  assertEqual(answers.join(), '201,201,201,201', 'threads that are made');
}

export default async function quotas(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits, sandbox } = world;
  const page = await open();
  await signUp(page);
  await go(page, '/accounts?connect=1');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^X/ }).click();
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await page.waitForURL(`${sandbox.base}/**`);
  await page.getByRole('button', { name: /^(Authorize|Allow|Approve)/ }).click();
  await page.locator('main li', { hasText: '@mara' }).waitFor();

  // 23:30 of tomorrow is full.
  const day = new Date(Date.now() + 86_400_000);
  const date = day.toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
  const instant = await page.evaluate((local) => new Date(local).toISOString(), `${date}T23:30`);
  await useUp(page, instant);

  await go(page, `/compose?at=${date}T23:20`);
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('One more');
  const told = page.getByText('X takes 100 posts from an account in 15 minutes.', { exact: false });
  await told.first().waitFor();
  await page.getByText('100 of 100 posts in 15 minutes', { exact: false }).waitFor();
  await checkAccessible(page, 'a quota in the composer');
  await shoot(page, 'composer');
  await page.getByRole('button', { name: /^Time:/ }).click();
  await dialog.getByText('X takes 100 posts', { exact: false }).waitFor();
  await shoot(page, 'picker');
  await checkAccessible(page, 'a quota beside a time');
  const time = dialog.getByLabel('Time', { exact: true });
  await time.fill('22:00');
  await dialog.getByText('X takes 100 posts', { exact: false }).waitFor({ state: 'detached' });
  await time.fill('23:20');
  await dialog.getByText('X takes 100 posts', { exact: false }).waitFor();
  for (const [theme, size] of [
    ['dark', 'desktop'],
    ['dark', 'phone'],
    ['light', 'phone'],
  ]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize(
      size === 'phone' ? { width: 375, height: 812 } : { width: 1440, height: 900 },
    );
    await shoot(page, `picker-${theme}-${size}`);
    await checkFits(page, 'a quota beside a time');
  }
  // It is a hint: the post can be planned all the same.
  await dialog.getByRole('button', { name: 'Schedule', exact: true }).click();
  await page.getByText('Scheduled', { exact: true }).first().waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });

  // What is used up by now stands beside the account, and what comes then waits.
  await useUp(page, null);
  await go(page, '/accounts');
  await page.getByText('100 of 100 posts in 15 minutes', { exact: false }).waitFor();
  await shoot(page, 'accounts');
  await checkAccessible(page, 'a quota of an account');
  await page.setViewportSize({ width: 375, height: 812 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'accounts-phone-dark');
  await checkFits(page, 'a quota of an account');
  await go(page, '/compose');
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('Too much');
  await page.getByText('100 of 100 posts in 15 minutes', { exact: false }).waitFor();
  await shoot(page, 'composer-phone-dark');
  await checkFits(page, 'a quota in the composer');
  // Preflight comes a moment behind the text.
  await told.first().waitFor({ state: 'attached' });
}
