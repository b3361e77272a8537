// What one person does appears on another's screen without a reload; losing the network is told, and mended by itself.
import { assertEqual, drawPng } from '../world.mjs';

export default async function live({ open, go, signUp, shoot }) {
  const doer = await open();
  const { email, password } = await signUp(doer);
  const watcher = await open();
  await go(watcher, '/login');
  await watcher.getByLabel('E-mail').fill(email);
  await watcher.getByLabel('Password', { exact: true }).fill(password);
  await watcher.getByRole('button', { name: 'Log in' }).click();
  await watcher.getByRole('link', { name: 'Media' }).first().click();
  await watcher.getByRole('heading', { name: 'Your media library is empty' }).waitFor();
  await watcher.getByText('Live', { exact: true }).first().waitFor();

  await go(doer, '/media');
  await doer.locator('input[type="file"]').setInputFiles(await drawPng(doer, 'harbour.png'));
  await watcher.getByRole('button', { name: /Edit harbour/ }).waitFor();

  await go(doer, '/settings/organization');
  await doer.getByLabel('Name', { exact: true }).fill('Northwind Live');
  await doer.getByRole('button', { name: 'Save organisation' }).click();
  await watcher.getByRole('button', { name: 'Organisation: Northwind Live' }).waitFor();

  // Off the network: said at once. Back on: what happened meanwhile is there.
  await watcher.context().setOffline(true);
  await watcher.getByText('You are offline.', { exact: false }).waitFor();
  await shoot(watcher, 'offline');
  await go(doer, '/media');
  await doer
    .locator('input[type="file"]')
    .setInputFiles(await drawPng(doer, 'meadow.png', { hue: 100 }));
  await doer.getByRole('button', { name: /Edit meadow/ }).waitFor();
  assertEqual(
    await watcher.getByRole('button', { name: /Edit meadow/ }).count(),
    0,
    'news while offline',
  );
  await watcher.context().setOffline(false);
  await watcher.getByRole('button', { name: /Edit meadow/ }).waitFor();
  await watcher.getByText('Live', { exact: true }).first().waitFor();
}
