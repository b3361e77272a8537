// The answer of the network is lost, and it can't be asked either: a person looks and decides. Each answer leads to its
// state, by mouse and by keyboard, and a second window follows without a reload.
import { startSandbox } from '../server.mjs';
import { assert, assertBecomes, assertEqual } from '../world.mjs';
import { connectSandbox, editor, publishNow, setFaults, state } from './posts-publish.mjs';

/** The simulated instance runs on this very machine, which is refused unless allowed. */
export const serverEnv = { ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' };

const BLIND = { kind: 'status', status: 403, method: 'GET', path: '/api/v1/accounts' };
const lost = (kind) => [{ kind, method: 'POST', path: '/api/v1/statuses' }, BLIND];

const statuses = async (sandbox) =>
  (await (await fetch(`${sandbox.base}/sandbox/statuses`)).json()).statuses;

export default async function needsYou(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits, base } = world;
  const sandbox = await startSandbox();
  const page = await open();
  const dialog = page.getByRole('dialog');
  const button = (name) => page.getByRole('button', { name, exact: true });

  /** Publishes a text while the network behaves so, and waits until a person is asked. */
  const publishInto = async (kind, text) => {
    await setFaults(sandbox, lost(kind));
    await go(page, '/compose');
    await editor(page).fill(text);
    await publishNow(page, base);
    await state(page, 'Needs you');
    await page.getByText('could not look whether the post is live').first().waitFor();
  };

  try {
    await signUp(page);
    await connectSandbox(world, page, sandbox);

    // It is there: the person pastes its address, by keyboard alone.
    await publishInto('drop_after_accept', 'The doors open at eight.');
    await checkAccessible(page, 'a post that waits for a decision');
    await shoot(page, 'asked');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await state(other, 'Needs you');
    await button('It is live').focus();
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Address of the post').waitFor();
    await dialog.getByLabel('Address of the post').focus();
    await page.keyboard.type('not an address');
    await page.keyboard.press('Enter');
    await dialog.getByText('Paste the whole address of the post').waitFor();
    const [live] = await statuses(sandbox);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(live.url);
    await shoot(page, 'address');
    await page.keyboard.press('Enter');
    await state(page, 'Published');
    await state(other, 'Published');
    assertEqual(
      await page.getByRole('link', { name: 'View', exact: true }).getAttribute('href'),
      live.url,
      'the link',
    );
    await assertBecomes(() => button('It is live').count(), 0, 'questions after the answer');
    await other.close();

    // It is not there: it is published again, once.
    await publishInto('drop_before', 'Bring a friend.');
    await button('It is not there, publish again').click();
    await dialog.getByText('it will be there twice').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    // The focus is back where it was, so the keyboard goes on from there.
    await page.waitForFunction(() =>
      document.activeElement?.textContent?.includes('publish again'),
    );
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Publish again' }).click();
    await state(page, 'Published');
    const texts = (await statuses(sandbox)).map((status) => status.text);
    assertEqual(texts.filter((text) => text === 'Bring a friend.').length, 1, 'times published');

    // Nobody wants it any more.
    await publishInto('drop_before', 'Never mind.');
    await page.setViewportSize({ width: 375, height: 812 });
    await checkFits(page, 'a post that waits for a decision');
    await shoot(page, 'asked-phone');
    await button('Give up').click();
    await dialog.getByRole('button', { name: 'Give up' }).click();
    await state(page, 'Cancelled');
    assert(
      !(await statuses(sandbox)).some((status) => status.text === 'Never mind.'),
      'given up, yet published',
    );
  } finally {
    await sandbox.stop();
  }
}
