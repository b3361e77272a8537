// The library: upload by button and by drop, describe, find, delete, and a file that lies.
import { assert, assertBecomes, drawPng } from '../world.mjs';

export default async function media({ open, go, signUp, shoot }) {
  const page = await open();
  await signUp(page);
  await go(page, '/media');
  await page.getByRole('heading', { name: 'Your media library is empty' }).waitFor();
  await shoot(page, 'empty');

  const input = page.locator('input[type="file"]');
  await input.setInputFiles([
    await drawPng(page, 'harbour.png', { hue: 200 }),
    await drawPng(page, 'meadow.png', { hue: 110 }),
  ]);
  const tile = (title) => page.getByRole('button', { name: new RegExp(`Edit ${title}`) });
  await tile('harbour').waitFor();
  await tile('meadow').waitFor();

  // Pictures really come from the server.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('main li img')].every(
      (image) => image.complete && image.naturalWidth > 0,
    ),
  );
  await shoot(page, 'two');

  await tile('harbour').click();
  const dialog = page.getByRole('dialog', { name: 'Edit media' });
  await dialog.getByLabel('Alt text').fill('A harbour with a lighthouse');
  await dialog.getByLabel('Title').fill('Harbour at noon');
  await shoot(page, 'edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await tile('Harbour at noon').waitFor();
  await assertBecomes(() => page.getByText('No alt text').count(), 1, 'pictures without alt text');

  await page.getByLabel('Search media').fill('noon');
  await tile('meadow').waitFor({ state: 'detached' });
  assert(page.url().includes('search=noon'), 'the search is not in the address');
  await page.getByLabel('Search media').fill('nothing like that');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await tile('meadow').waitFor();

  // A text that calls itself a picture is refused in words, and can be dismissed.
  await input.setInputFiles({
    name: 'lie.png',
    mimeType: 'text/plain',
    buffer: Buffer.from('I am no picture.'),
  });
  const uploads = page.getByRole('list', { name: 'Uploads' });
  await uploads.locator('[data-state="failed"]').getByRole('alert').waitFor();
  await shoot(page, 'refused');
  await page.getByRole('button', { name: 'Dismiss lie.png' }).click();

  await tile('meadow').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete file' }).click();
  await tile('meadow').waitFor({ state: 'detached' });
}
