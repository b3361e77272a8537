// Mastodon's way of connecting: to the instance's own page and back, with yes and with no.
import { startSandbox } from '../server.mjs';

/** The simulated instance runs on this very machine, which is refused unless allowed. */
export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

export default async function mastodon({ open, go, signUp, shoot, base }) {
  const sandbox = await startSandbox();
  try {
    const page = await open();
    await signUp(page);
    const dialog = page.getByRole('dialog');
    const leave = async () => {
      await dialog.getByRole('button', { name: /Mastodon/ }).click();
      await dialog.getByRole('textbox').first().fill(sandbox.base);
      await dialog.getByRole('button', { name: /^Continue/ }).click();
      await page.waitForURL(`${sandbox.base}/**`);
    };

    await go(page, '/accounts?connect=1');
    await leave();
    await shoot(page, 'consent');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(`${base}/accounts?**`);
    await page.getByText('The account is not connected').waitFor();
    await shoot(page, 'denied');

    await page.getByRole('button', { name: 'Try again' }).click();
    await leave();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('demo is connected.', { exact: false }).waitFor();
    await page.waitForURL(`${base}/accounts`);
    const row = page.locator('main li', { hasText: '@demo' });
    await row.getByText('Connected', { exact: true }).waitFor();
    await shoot(page, 'connected');
  } finally {
    await sandbox.stop();
  }
}
