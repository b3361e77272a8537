// The calendar: a post is planned from an empty day, moved by pointer and by keyboard, put back, and never into the past.
import { startSandbox } from '../server.mjs';
import { assert, assertEqual } from '../world.mjs';
import { connectSandbox, editor } from './posts-publish.mjs';

export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

/** The 15th of the month after next, and days around it: far from today, never at a month's edge. */
function days() {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 15));
  const at = (offset) => new Date(month.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  return { start: at(0), at };
}

/** When the clocks go back in Berlin next. */
function lastSundayOfOctober() {
  const now = new Date();
  const year = now.getUTCFullYear() + (now.getUTCMonth() >= 9 ? 1 : 0);
  const last = new Date(Date.UTC(year, 9, 31));
  last.setUTCDate(31 - last.getUTCDay());
  return {
    date: last.toISOString().slice(0, 10),
    month: `October ${year}`,
  };
}

export default async function calendar(world) {
  const { open, go, signUp, shoot, base } = world;
  const sandbox = await startSandbox();
  try {
    const page = await open();
    await signUp(page);
    await connectSandbox(world, page, sandbox);
    const { start, at } = days();
    const cell = (day) => page.locator(`section[data-day="${day}"]`);
    const chip = (day) => cell(day).locator('[data-post]', { hasText: 'Planned' });

    await go(page, `/calendar?day=${start}`);
    await page.getByText('Nothing is scheduled this month.', { exact: false }).waitFor();
    await cell(start).hover();
    await cell(start)
      .getByRole('link', { name: /^New post on/ })
      .click();
    await editor(page).fill('Planned from the calendar');
    await page.getByText('09:00', { exact: false }).first().waitFor();
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(`${base}/posts/*`);
    await page.getByText('Scheduled', { exact: true }).first().waitFor();

    await go(page, `/calendar?day=${start}`);
    await chip(start).waitFor();
    await shoot(page, 'month');

    // By pointer, with an undo.
    const drag = async (to) => {
      const from = await page.locator('[data-post]', { hasText: 'Planned' }).boundingBox();
      const target = await cell(to).boundingBox();
      await page.mouse.move(from.x + 30, from.y + 8);
      await page.mouse.down();
      await page.mouse.move(target.x + 40, target.y + 60, { steps: 5 });
      await page.mouse.up();
    };
    await drag(at(2));
    await chip(at(2)).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await chip(start).waitFor();

    // By keyboard: a week later, then a day on; the focus stays with the post.
    await chip(start).getByRole('button').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await chip(at(8)).waitFor();
    await page.waitForFunction(
      (day) => document.activeElement?.closest(`section[data-day="${day}"] [data-post]`),
      at(8),
    );

    // Its panel tells more; Escape closes it.
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Open', exact: true }).waitFor();
    await shoot(page, 'panel');
    await page.keyboard.press('Escape');

    // The week keeps the time of day; a quarter of an hour by keyboard.
    await page.keyboard.press('w');
    await go(page, `/calendar?view=week&day=${at(8)}`);
    await chip(at(8)).getByRole('button').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await chip(at(8)).getByText('09:15').waitFor();
    await shoot(page, 'week');

    // By finger on a tablet: a swipe scrolls and moves nothing, a rest lifts the post.
    await go(page, `/calendar?day=${start}`);
    const touch = await page.context().newCDPSession(page);
    const finger = async (type, points) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    const swipe = async (to, rest) => {
      const from = await page.locator('[data-post]', { hasText: 'Planned' }).boundingBox();
      const target = await cell(to).boundingBox();
      const [x, y] = [from.x + 30, from.y + 8];
      await finger('touchStart', [{ x, y }]);
      await page.waitForTimeout(rest);
      for (const share of [0.2, 0.6, 1]) {
        await finger('touchMove', [
          { x: x + (target.x + 40 - x) * share, y: y + (target.y + 60 - y) * share },
        ]);
      }
      await finger('touchEnd', []);
    };
    await chip(at(8)).waitFor();
    await swipe(at(1), 0);
    await page.waitForTimeout(300);
    assertEqual(await chip(at(8)).count(), 1, 'posts that stayed where they were');
    await swipe(at(1), 700);
    await chip(at(1)).waitFor();

    // Of an hour that comes twice, either can be meant.
    await chip(at(1)).getByRole('button').click();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Reschedule' }).click();
    const dialog = page.getByRole('dialog');
    const october = lastSundayOfOctober();
    await dialog.getByLabel('Time').fill('02:30');
    while (!(await dialog.getByText(october.month).first().isVisible())) {
      await dialog.getByRole('button', { name: 'Next month' }).click();
    }
    await dialog.locator(`[data-day="${october.date}"]`).click();
    await dialog.getByText('02:30 twice').waitFor();
    await dialog.getByRole('radio', { name: /^The second/ }).check();
    await shoot(page, 'twice');
    await dialog.getByRole('button', { name: 'Reschedule' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const moved = await page.evaluate(
      async (id) => (await (await fetch(`/api/v1/posts/${id}`)).json()).scheduledAt,
      page.url().split('/').pop(),
    );
    assertEqual(moved.slice(10, 16), 'T01:30', 'the second half past two, in UTC');
    await page.getByRole('button', { name: 'Reschedule' }).click();
    await dialog.getByRole('radio', { name: /^The second/ }).waitFor();
    assert(await dialog.getByRole('radio', { name: /^The second/ }).isChecked(), 'forgot which');
    await page.keyboard.press('Escape');

    // The past is refused.
    await go(page, '/calendar');
    const today = await page.locator('[aria-current="date"]').innerText();
    assert(Number(today) >= 1, 'today is not marked');
    const post = await page.evaluate(async (name) => {
      const found = await (await fetch(`/api/v1/posts?search=${name}`)).json();
      return found.data[0];
    }, 'Planned');
    assertEqual(post.scheduledAt.slice(0, 10), october.date, 'the day on the server');
  } finally {
    await sandbox.stop();
  }
}
