// Nothing that was written gets lost: drafts save themselves, a lost tab comes back, and two editors of a post are told of each other.
import { assertBecomes } from '../world.mjs';
import { editor } from './posts-publish.mjs';

export default async function drafts({ open, go, signUp, shoot, base }) {
  const page = await open();
  await signUp(page);

  // Saved by itself, under an address of its own, without losing the caret.
  await go(page, '/compose');
  await editor(page).pressSequentially('A first thought');
  await page.waitForURL(`${base}/compose/*`);
  await page.keyboard.type(', and on.');
  await assertBecomes(
    () => editor(page).inputValue(),
    'A first thought, and on.',
    'text after saving',
  );
  await page.getByText('Saved', { exact: true }).waitFor();
  const address = page.url();

  // The tab is lost before the server has the last words: they are there when it opens again.
  await page.route('**/api/v1/posts/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  );
  await editor(page).pressSequentially(' Never saved.');
  await page.getByText('Not saved', { exact: true }).first().waitFor();
  const lost = page.context();
  const again = await lost.newPage();
  await page.close({ runBeforeUnload: false });
  await again.goto(address);
  await again.getByText('Your unsaved text is back').waitFor();
  await assertBecomes(
    () => editor(again).inputValue(),
    'A first thought, and on. Never saved.',
    'text after the loss',
  );
  await shoot(again, 'restored');
  await again.getByRole('button', { name: 'Keep it' }).click();
  await again.getByText('Saved', { exact: true }).waitFor();

  // Two tabs on one post: the later one is asked, and keeps both.
  const other = await lost.newPage();
  await other.goto(address);
  await editor(other).fill('Written in the other tab.');
  await other.getByText('Saved', { exact: true }).waitFor();
  await editor(again).fill('Written in the first tab.');
  const dialog = again.getByRole('dialog');
  await dialog.getByText('This post was changed meanwhile').waitFor();
  await dialog.getByText('Written in the other tab.').waitFor();
  await shoot(again, 'conflict');
  await dialog.getByRole('button', { name: 'Keep both' }).click();
  await again.waitForURL((url) => url.href !== address);
  await assertBecomes(() => editor(again).inputValue(), 'Written in the first tab.', 'the copy');
  await again.getByRole('link', { name: 'Posts', exact: true }).first().click();
  await again.getByRole('tab', { name: /^Drafts 2/ }).waitFor();

  // A thread by keyboard: split, move, remove.
  await again.goto(`${base}/compose`);
  await editor(again).fill('one two');
  await again.keyboard.press('Home');
  for (let i = 0; i < 3; i += 1) await again.keyboard.press('ArrowRight');
  await again.keyboard.press('Control+Shift+Enter');
  const part = (n) => again.getByRole('textbox', { name: `Part ${n} of 2` });
  await assertBecomes(() => part(1).inputValue(), 'one', 'first part');
  await assertBecomes(() => part(2).inputValue(), 'two', 'second part');
  await again.keyboard.press('Alt+Shift+ArrowUp');
  await assertBecomes(() => part(1).inputValue(), 'two', 'first part after moving');
  await part(2).fill('');
  await again.keyboard.press('Backspace');
  await assertBecomes(() => editor(again).inputValue(), 'two', 'what is left');
}
