// A company's page is chosen after consent, and a post goes out in a format and with options of its network.
import { assertBecomes, assertEqual, drawPng } from '../world.mjs';
import { publishNow, state } from './posts-publish.mjs';

const NETWORKS = ['INSTAGRAM', 'PINTEREST'];

export const serverEnv = (sandbox) => ({
  ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true',
  ...Object.fromEntries(
    NETWORKS.flatMap((name) => [
      ...['API_URL', 'AUTH_URL', 'UPLOAD_URL'].map((key) => [
        `ALLIN__NETWORKS__${name}__${key}`,
        `${sandbox}/${name.toLowerCase()}`,
      ]),
      [`ALLIN__NETWORKS__${name}__CLIENT_ID`, 'sandbox-app'],
      [`ALLIN__NETWORKS__${name}__CLIENT_SECRET`, 'sandbox-secret'],
    ]),
  ),
});

export default async function formats(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits, base, sandbox } = world;
  const page = await open();
  const dialog = page.getByRole('dialog');
  await signUp(page);

  const consent = async (name, allow) => {
    await go(page, '/accounts?connect=1');
    await dialog.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await dialog.getByRole('button', { name: /^Continue/ }).click();
    await page.waitForURL(`${sandbox.base}/**`);
    await page.getByRole('button', { name: allow }).click();
  };

  // The consent covers two companies; one of them is wanted.
  await consent('Instagram', /^(Allow|Approve|Continue|Save)/);
  await page.waitForURL(/\/accounts\/choose\//);
  await page.getByRole('heading', { name: 'Which accounts?' }).waitFor();
  await page.getByRole('checkbox').first().waitFor();
  await shoot(page, 'choose');
  await checkAccessible(page, 'the choice of accounts');
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
  await page.getByRole('checkbox', { name: /Fernway/ }).check();
  await page.getByRole('button', { name: /^Connect/ }).click();
  await page.getByText('@fernway', { exact: false }).first().waitFor();
  await consent('Pinterest', /^(Allow|Approve|Give access)/);
  await page.locator('main li', { hasText: '@mara' }).waitFor();

  // What a network asks for is missed before it is published, and the hint leads to its field.
  await go(page, '/compose');
  const account = (name) => page.getByRole('checkbox', { name: new RegExp(name) });
  for (const name of ['Instagram', 'Pinterest']) await account(name).check();
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('A new bicycle #bikes');
  const png = await drawPng(page, 'bike.png', { width: 1080, height: 1080 });
  await page.locator('main input[type=file]').first().setInputFiles(png);
  await page.getByRole('tab', { name: /Pinterest/ }).click();
  const options = page.getByRole('region', { name: /^Options for/ });
  await options.getByRole('combobox', { name: /Board/ }).first().waitFor();
  await shoot(page, 'options');
  await checkAccessible(page, 'the options of a network');
  const board = options.getByRole('combobox', { name: /Board/ }).first();
  // The sections are those of the chosen board, and another board undoes what was chosen.
  const section = options.getByRole('combobox', { name: /^Section/ });
  const sections = () => section.locator('option').allTextContents();
  assertEqual(
    [await section.isDisabled(), ...(await sections())].join(),
    'true,Choose the board first',
    'sections',
  );
  await board.selectOption({ label: 'Coffee corner' });
  await assertBecomes(async () => (await sections()).join(), 'None,Beans,Brewing', 'sections');
  await section.selectOption({ label: 'Brewing' });
  await board.selectOption({ label: 'Workshop' });
  await assertBecomes(
    async () => (await sections()).join(),
    'None,Tools',
    'sections of another board',
  );
  assertEqual(await section.inputValue(), '', 'the section');
  await section.selectOption({ label: 'Tools' });
  await page.getByRole('tab', { name: /Instagram/ }).click();
  await options.getByLabel(/First comment/).fill('Questions? Ask here.');
  await page.setViewportSize({ width: 375, height: 812 });
  await checkFits(page, 'the options of a network');
  await shoot(page, 'options-phone');
  await page.setViewportSize({ width: 1440, height: 900 });

  await publishNow(page, base);
  await state(page, 'Published');
  const published = async (network) =>
    (await fetch(`${sandbox.base}/sandbox/posts?network=${network}`)).json();
  for (const network of ['instagram', 'pinterest']) {
    assertEqual((await published(network)).count, 1, `posts on ${network}`);
  }
  const [pin] = (await published('pinterest')).posts;
  assertEqual(Object.fromEntries(pin.details).Section, 'Tools', 'the section of the Pin');
  await shoot(page, 'published');
  const links = page.locator(`main a[href^="${sandbox.base}"]`);
  await assertBecomes(() => links.count(), 2, 'links to what is published');
}
