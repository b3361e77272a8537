// A real Bluesky server: connect, publish, see it live with its link, disconnect.
import { assert, drawPng } from '../world.mjs';

export const needs = ['ALLIN_TEST_PDS_URL', 'ALLIN_TEST_PDS_HANDLE', 'ALLIN_TEST_PDS_APP_PASSWORD'];

/** The server runs on this very machine, which is refused unless allowed. */
export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

export default async function bluesky({ open, go, signUp, shoot, base }) {
  const [url, handle, appPassword] = needs.map((name) => process.env[name]);
  const page = await open();
  await signUp(page);

  // The guide leads to the dialog.
  await page.getByRole('link', { name: 'Connect', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Bluesky/ }).click();
  await dialog.getByLabel('Handle').fill(handle);
  await dialog.getByLabel('App password', { exact: true }).fill('aaaa-bbbb-cccc-dddd');
  await dialog.getByText('My account is on a server of its own').click();
  await dialog.getByLabel(/^Server/).fill(url);
  await dialog.getByRole('button', { name: 'Connect Bluesky' }).click();
  await dialog.getByRole('alert').waitFor();
  await shoot(page, 'wrong-password');
  await dialog.getByLabel('App password', { exact: true }).fill(appPassword);
  await dialog.getByRole('button', { name: 'Connect Bluesky' }).click();
  const row = page.locator('main li', { hasText: handle });
  await row.getByText('Connected', { exact: true }).waitFor();
  await shoot(page, 'connected');

  await row.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Check the connection' }).click();
  await page.getByText('answers as it should', { exact: false }).waitFor();

  // What another client publishes shows up here by itself.
  await go(page, '/media');
  await page.locator('input[type="file"]').setInputFiles(await drawPng(page, 'harbour.png'));
  await page.getByRole('button', { name: /Edit harbour/ }).waitFor();
  await go(page, '/');
  await page.getByText('1 of 3 done').waitFor();
  const context = page.context();
  const csrf = (await context.cookies()).find(({ name }) => name === 'allin_csrf')?.value;
  const call = async (method, path, data) => {
    const response = await context.request.fetch(`${base}/api/v1${path}`, {
      method,
      data,
      headers: { 'X-CSRF-Token': csrf },
    });
    assert(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`);
    return response.json();
  };
  const [account] = (await call('GET', '/social-accounts')).data;
  const [content] = (await call('GET', '/content')).data;
  const post = await call('POST', '/posts', {
    parts: [
      { text: 'Hello from the harbour', media: [{ contentId: content.id, altText: 'A harbour' }] },
    ],
    targets: [{ socialAccountId: account.id }],
    publishNow: true,
  });
  const published = page.getByRole('region', { name: 'Just published' });
  await published.getByText('Hello from the harbour').waitFor();
  await shoot(page, 'published');
  const [target] = (await call('GET', `/posts/${post.id}`)).targets;
  assert(
    target.platformPostUrl?.startsWith('https://'),
    `the post's link is ${target.platformPostUrl}`,
  );

  await go(page, '/accounts');
  await row.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Remove account' }).click();
  await page.getByRole('button', { name: 'Remove account' }).click();
  await page.getByRole('heading', { name: 'Connect your first account' }).waitFor();
}
