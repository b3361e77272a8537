// What networks take: found from the settings and by searching, one network's page with its guide, and on paper.
import { assert } from '../world.mjs';

export default async function networks(world) {
  const { open, go, signUp, shoot, checkAccessible, checkFits } = world;
  const page = await open();
  await signUp(page);
  await go(page, '/settings/networks');
  await page.getByRole('link', { name: /^Instagram/ }).click();
  await page.getByRole('heading', { name: 'Instagram', level: 1 }).waitFor();
  for (const title of ['Formats', 'Options', 'Limits', 'Permissions', 'Guide to Instagram']) {
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
  }

  // A link of the guide leads into another network's guide.
  await page.getByRole('link', { name: 'guide to Facebook Pages' }).first().click();
  await page.getByRole('heading', { name: /^Facebook/, level: 1 }).waitFor();
  const chapter = page.getByRole('heading', { name: 'Register the developer app' });
  await chapter.waitFor();
  await page.waitForFunction(() => window.scrollY > 300);
  const box = await chapter.boundingBox();
  assert(box.y >= 0 && box.y < 200, `the chapter stands at ${box.y}`);
  await page.goBack();
  await page.getByRole('heading', { name: 'Instagram', level: 1 }).waitFor();

  // The search looks into this network; that of all networks leads to the place.
  await page.getByRole('searchbox').fill('collaborators');
  await page.getByText('1 match', { exact: true }).waitFor();
  await go(page, '/networks');
  await page.getByRole('searchbox').fill('poll');
  const found = page.getByRole('link', { name: /X · Option/ });
  await found.first().waitFor();
  await shoot(page, 'search');
  await found.first().click();
  await page.getByRole('heading', { name: 'X', level: 1 }).waitFor();
  await page.locator('#option-poll').waitFor();
  assert(await page.evaluate(() => window.scrollY > 0), 'the option is not in sight');

  // On paper: no navigation, dark on light, whatever the screen shows.
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await page.emulateMedia({ media: 'print' });
  assert(!(await page.getByRole('navigation').first().isVisible()), 'navigation is printed');
  const scheme = await page.evaluate(() => getComputedStyle(document.body).colorScheme);
  assert(scheme === 'light', `paper is ${scheme}`);
  await page.pdf({ path: new URL('../.shots/networks-print.pdf', import.meta.url).pathname });

  // On a phone in the dark, too.
  const phone = await open({ size: 'phone', theme: 'dark' });
  await signUp(phone);
  await page.emulateMedia({ media: 'screen' });
  for (const path of ['/networks', '/networks?q=story', '/networks/youtube', '/networks/x']) {
    for (const screen of [page, phone]) {
      await go(screen, path);
      await screen.getByRole('searchbox').waitFor();
      if (/\w\/\w/.test(path)) await screen.getByText('Guide to', { exact: false }).waitFor();
      await checkAccessible(screen, path);
      await checkFits(screen, path);
    }
  }
}
