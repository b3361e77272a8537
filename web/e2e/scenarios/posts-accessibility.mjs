// The composer, the calendar and the posts in both themes and sizes: axe finds nothing, and nothing is wider than the window.
import { startSandbox } from '../server.mjs';
import { assert, drawPng } from '../world.mjs';
import { connectSandbox, editor } from './posts-publish.mjs';

export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

export default async function accessibility(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits, base } = world;
  const sandbox = await startSandbox();
  const problems = [];
  try {
    for (const theme of ['light', 'dark']) {
      for (const size of ['desktop', 'phone']) {
        const page = await open({ theme, size });
        const check = async (label) => {
          await page.waitForTimeout(300);
          const what = `${label}-${size}-${theme}`;
          await shoot(page, what);
          for (const verify of [checkFits, checkAccessible]) {
            await verify(page, what).catch((error) => problems.push(error.message));
          }
        };
        await signUp(page);
        await go(page, '/posts');
        await page.getByRole('heading', { name: 'Write the first post' }).waitFor();
        await check('posts-empty');
        await connectSandbox(world, page, sandbox);

        await go(page, '/compose');
        await editor(page).waitFor();
        await check('composer-empty');
        await editor(page).fill(`Too long ${'and longer '.repeat(50)}`);
        await page.getByRole('button', { name: 'Add to the thread' }).click();
        await page.getByRole('textbox', { name: 'Part 2 of 2' }).fill('Second #part');
        await page
          .locator('input[type="file"]')
          .first()
          .setInputFiles(await drawPng(page, 'harbour.png'));
        await page.getByRole('button', { name: /description of harbour/ }).waitFor();
        await page.getByRole('heading', { name: /to fix before this can go out/ }).waitFor();
        await check('composer');
        await page.getByRole('button', { name: /description of harbour/ }).click();
        await page.getByRole('dialog').waitFor();
        await check('description');
        await page.keyboard.press('Escape');
        await page.getByRole('tab').nth(1).click();
        await page.getByRole('button', { name: 'Customise' }).click();
        await page.getByText('has a text of its own').waitFor();
        await check('own-text');
        await page.getByRole('tab').first().click();
        await page.getByRole('textbox', { name: 'Part 1 of 2' }).fill('Short enough');
        await page.getByRole('tab').nth(1).click();
        await page.getByRole('textbox', { name: 'Part 1 of 2' }).fill('Short enough here, too');
        await page.getByRole('heading', { name: /to fix before/ }).waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Schedule…' }).click();
        await page.getByRole('dialog').getByRole('grid').waitFor();
        await check('schedule');
        await page.getByRole('dialog').getByRole('button', { name: 'Tomorrow' }).click();
        await page
          .getByRole('dialog')
          .getByRole('button', { name: 'Schedule', exact: true })
          .click();
        await page.waitForURL(`${base}/posts/*`);
        await page.getByRole('heading', { name: 'What happened' }).waitFor();
        await check('post');

        // Tomorrow may be in another week or month.
        const day = await page.evaluate(async () => {
          const id = location.pathname.split('/').at(-1);
          const { scheduledAt } = await (await fetch(`/api/v1/posts/${id}`)).json();
          return new Date(scheduledAt).toLocaleDateString('sv');
        });
        for (const [path, label] of [
          ['/posts', 'posts'],
          [`/calendar?day=${day}`, 'month'],
          [`/calendar?view=week&day=${day}`, 'week'],
        ]) {
          await go(page, path);
          await page.getByText('Short enough').first().waitFor();
          await check(label);
        }
      }
    }
  } finally {
    await sandbox.stop();
  }
  assert(problems.length === 0, problems.join('\n'));
}
