// The main job: write a post with a picture, publish it, see it live; what fails says why and is tried again; then it is taken down.
import { startSandbox } from '../server.mjs';
import { assert, assertBecomes, drawPng } from '../world.mjs';

/** The simulated instance runs on this very machine, which is refused unless allowed. */
export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

/** Connects the simulated instance's account through the page. */
export async function connectSandbox({ go, base }, page, sandbox) {
  await go(page, '/accounts?connect=1');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Mastodon/ }).click();
  await dialog.getByRole('textbox').first().fill(sandbox.base);
  await dialog.getByRole('button', { name: /^Continue/ }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.waitForURL(`${base}/accounts`);
  await page.locator('main li', { hasText: '@demo' }).waitFor();
}

export const editor = (page) => page.getByRole('textbox', { name: 'Text of the post' });

/** What shall go wrong with the next requests to the simulated instance. */
export async function setFaults(sandbox, next) {
  await fetch(`${sandbox.base}/sandbox/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ next }),
  });
}

/** Publishes what stands in the composer and waits for the post's page. */
export async function publishNow(page, base) {
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish now' }).click();
  await page.waitForURL(`${base}/posts/*`);
}

/** Waits until the post's page shows this state. */
export const state = (page, label) =>
  page.locator('header').getByText(label, { exact: true }).first().waitFor({ timeout: 45_000 });

export default async function publish(world) {
  const { open, go, signUp, shoot, base } = world;
  const sandbox = await startSandbox();
  try {
    const page = await open();
    await signUp(page);
    await connectSandbox(world, page, sandbox);

    // The only account is chosen already; what counts is counted as Mastodon does.
    await go(page, '/compose');
    await editor(page).fill('Two seats are open: https://northwind.example/workshop #typography');
    await page.getByText('Mastodon: 445 of 500 characters left').waitFor();
    await page.locator('input[type="file"]').setInputFiles(await drawPng(page, 'harbour.png'));
    await page.getByRole('button', { name: 'ALT: add the description of harbour' }).click();
    await page.getByRole('dialog').getByLabel('Description').fill('A harbour at dawn');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'ALT: change the description of harbour' }).waitFor();
    await page.getByLabel('Preview on Mastodon').getByAltText('A harbour at dawn').waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    await shoot(page, 'composer');
    await publishNow(page, base);
    await state(page, 'Published');
    const link = page.getByRole('link', { name: 'View', exact: true });
    assert((await link.getAttribute('href')).startsWith(sandbox.base), 'the link leads elsewhere');
    await page.locator('summary', { hasText: 'attempt 1' }).click();
    await page.getByText('Upload file 1').waitFor();
    await shoot(page, 'published');

    // Refused by the network: said in plain words, edited, published.
    await setFaults(sandbox, [
      { kind: 'status', status: 422, method: 'POST', path: '/api/v1/statuses' },
    ]);
    await go(page, '/compose');
    await editor(page).fill('This one is refused at first.');
    await publishNow(page, base);
    await state(page, 'Failed');
    await shoot(page, 'failed');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await state(page, 'Published');
    await assertBecomes(() => page.locator('summary').count(), 2, 'attempts in the history');

    // Taken down: gone from the network, kept here.
    await page.getByRole('button', { name: /^Take down/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take down' }).click();
    await page.getByText('Removed', { exact: true }).waitFor();

    // A copy begins as a draft and can be deleted.
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.waitForURL(`${base}/compose/*`);
    await assertBecomes(
      () => editor(page).inputValue(),
      'This one is refused at first.',
      'the copy',
    );
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete this post' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete post' }).click();
    await page.getByRole('tab', { name: /^All 2/ }).waitFor();
    await shoot(page, 'list');
  } finally {
    await sandbox.stop();
  }
}
