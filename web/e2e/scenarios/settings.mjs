// Organisation, people and tokens: change, invite, accept in another browser, make and revoke a token.
import { PASSWORD, assert, assertBecomes, assertEqual } from '../world.mjs';

export default async function settings({ open, go, signUp, shoot }) {
  const page = await open();
  const owner = await signUp(page, { organization: 'Northwind Studio' });

  // Organisation, with a time zone that is searched for.
  await go(page, '/settings/organization');
  await page.getByLabel('Name', { exact: true }).fill('Northwind Works');
  await page.getByRole('combobox', { name: 'Time zone' }).fill('new york');
  await shoot(page, 'zones');
  await page.keyboard.press('Enter');
  await page.getByLabel('When a post could not go out on time').selectOption('15');
  await page.getByRole('button', { name: 'Save organisation' }).click();
  await page.getByText('The organisation is saved.').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Organisation: Northwind Works' }).waitFor();
  await assertBecomes(
    () => page.getByRole('combobox', { name: 'Time zone' }).inputValue(),
    'America / New York',
    'the time zone saved',
  );

  // An invitation, accepted by someone new in another browser.
  await go(page, '/settings/members');
  await page.getByRole('button', { name: 'Invite' }).click();
  const invite = page.getByRole('dialog', { name: 'Invite someone' });
  await invite.getByLabel('E-mail').fill('not an address');
  await invite.getByRole('button', { name: 'Make the invitation' }).click();
  await invite.locator('[aria-invalid="true"]').waitFor();
  await invite.getByLabel('E-mail').fill(`bob.${Date.now()}@example.org`);
  await invite.getByLabel('Role').selectOption('viewer');
  await invite.getByRole('button', { name: 'Make the invitation' }).click();
  const link = await invite.locator('code').innerText();
  await shoot(page, 'invited');
  await invite.getByRole('button', { name: 'Done' }).click();

  const other = await open({ size: 'phone' });
  const { pathname, search } = new URL(link);
  await go(other, pathname + search);
  await other.getByRole('heading', { name: 'Join Northwind Works' }).waitFor();
  await shoot(other, 'invitation');
  await other.getByLabel('Your name').fill('Bob Sinclair');
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Join Northwind Works' }).click();
  await other.getByRole('heading', { name: 'Overview' }).waitFor();
  // A viewer is offered nothing he may not do.
  assertEqual(
    await other.getByRole('link', { name: 'New post' }).count(),
    0,
    'ways for a viewer to write',
  );
  await go(other, pathname + search);
  await other.getByRole('heading', { name: 'This invitation does not work' }).waitFor();

  // The owner sees him and raises his role.
  await go(page, '/settings/members');
  await page.getByLabel('Role of Bob Sinclair').selectOption('publisher');
  await page.getByText('Bob Sinclair is now publisher.').waitFor();
  await page.getByRole('button', { name: 'Remove Bob Sinclair' }).click();
  await page.getByRole('button', { name: 'Remove member' }).click();
  await page.getByText('Bob Sinclair is no longer a member.').waitFor();

  // A token is shown once.
  await go(page, '/settings/tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  const make = page.getByRole('dialog', { name: 'New API token' });
  await make.getByLabel('Name').fill('n8n');
  await make.getByLabel('See the media library').check();
  await make.getByRole('button', { name: 'Make the token' }).click();
  const shown = page.getByRole('dialog', { name: 'Your new token' });
  const token = await shown.locator('code').innerText();
  assert(token.startsWith('allin_'), `a token looks like ${token.slice(0, 8)}…`);
  await page.keyboard.press('Escape');
  await shown.waitFor();
  await shoot(page, 'token');
  await shown.getByRole('button', { name: 'I have saved it' }).click();
  await page.getByText('posts:read, media:read').waitFor();
  assert(!(await page.content()).includes(token), 'the token is still on the page');
  await page.getByRole('button', { name: 'Revoke n8n' }).click();
  await page.getByRole('button', { name: 'Revoke token' }).click();
  await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();

  // The password: a wrong present one stands beside its field.
  await go(page, '/settings/profile');
  await page.getByLabel('Present password').fill('Not-My-Password-1');
  await page.getByLabel('New password').fill('Another-Sunny-Day-43');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('[aria-invalid="true"]').or(page.getByRole('alert')).first().waitFor();
  await page.getByLabel('Present password').fill(owner.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password is changed.').waitFor();

  // A second organisation, and back.
  await page.getByRole('button', { name: /^Organisation: / }).click();
  await page.getByRole('menuitem', { name: 'New organisation' }).click();
  const dialog = page.getByRole('dialog', { name: 'New organisation' });
  await dialog.getByLabel('Name').fill('Harbour Coffee');
  await dialog.getByRole('button', { name: 'Create organisation' }).click();
  await page.getByRole('button', { name: 'Organisation: Harbour Coffee' }).waitFor();
  await page.getByRole('button', { name: 'Organisation: Harbour Coffee' }).click();
  await page.getByRole('menuitem', { name: 'Northwind Works' }).click();
  await page.getByRole('button', { name: 'Organisation: Northwind Works' }).waitFor();
}
