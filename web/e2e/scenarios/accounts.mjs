// Connecting that does not work must say why and lose nothing; what the network's own page sends back is told once.
import { assertBecomes } from '../world.mjs';

export default async function accounts({ open, go, signUp, shoot }) {
  const page = await open();
  await signUp(page);
  await go(page, '/accounts');
  await page.getByRole('heading', { name: 'Connect your first account' }).waitFor();
  await shoot(page, 'empty');

  await page.getByRole('button', { name: 'Connect account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Bluesky/ }).click();
  await shoot(page, 'bluesky');
  await dialog.getByRole('button', { name: 'Connect Bluesky' }).click();
  await dialog.locator('[aria-invalid="true"]').first().waitFor();

  // A server on this very machine is refused, in words, and what was typed stays.
  await dialog.getByLabel('Handle').fill('wrong.example.org');
  await dialog.getByLabel('App password', { exact: true }).fill('aaaa-bbbb-cccc-dddd');
  await dialog.getByText('My account is on a server of its own').click();
  await dialog.getByLabel(/^Server/).fill('https://127.0.0.1:1');
  await dialog.getByRole('button', { name: 'Connect Bluesky' }).click();
  await dialog.getByRole('alert').or(dialog.locator('[aria-invalid="true"]')).first().waitFor();
  await assertBecomes(
    () => dialog.getByLabel('Handle').inputValue(),
    'wrong.example.org',
    'the handle typed',
  );
  await shoot(page, 'refused');

  await dialog.getByRole('button', { name: 'Choose another network' }).click();
  await dialog.getByRole('button', { name: /Mastodon/ }).click();
  await shoot(page, 'mastodon');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await go(page, '/accounts?connectError=denied&message=You%20did%20not%20allow%20it.');
  await page.getByText('You did not allow it.').waitFor();
  await shoot(page, 'callback-refused');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.waitForURL((url) => url.search === '');
}
