// Pictures of every screen, empty, full, loading and broken, on a phone and a desktop, light and dark; for people to look at.
//   node e2e/shots.mjs FOLDER [screen …]
// Environment as for run.mjs: ALLIN_BIN, CHROMIUM_PATH. With SHOTS_WHOLE=1 the pictures show whole pages, not what fits the screen.
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { startSandbox, startServer } from './server.mjs';
import { drawPng, openWorld, SIZES } from './world.mjs';
import {
  connectSandbox,
  editor,
  publishNow,
  setFaults,
  state,
} from './scenarios/posts-publish.mjs';

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) {
  console.error('Where to? node e2e/shots.mjs FOLDER [screen …]');
  process.exit(1);
}
await mkdir(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});
const server = await startServer({ ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS: 'true' });
const sandbox = await startSandbox();
const world = openWorld({ browser, base: server.base, shots: folder, name: 'shots' });

const APPS = {
  data: [
    ['mastodon', 'organization', 'a1b2c3d4', '9f3e'],
    ['bluesky', 'instance', null, null],
    ['instagram', 'none', null, null],
  ].map(([platform, source, clientId, secretHint]) => ({
    platform,
    source,
    clientId,
    secretHint,
    redirectUri: `${server.base}/oauth/callback`,
    scopes: [
      { scope: 'instagram_business_content_publish', why: 'to publish posts', required: true },
      { scope: 'instagram_business_manage_insights', why: 'to read numbers', required: false },
    ],
    consoleUrl: 'https://developers.example/apps',
    updatedAt: clientId && '2026-11-20T09:00:00Z',
  })),
};
const OFFER = {
  platform: 'mastodon',
  choices: [
    ['page', 'Northwind Studio', 'northwind', true],
    ['page', 'Northwind Type Foundry', 'northwind.type', false],
    ['organization', 'Friends of the harbour', '', false],
  ].map(([kind, displayName, username, alreadyConnected], index) => ({
    key: `k${index}`,
    kind,
    displayName,
    username,
    avatarUrl: null,
    alreadyConnected,
  })),
};
const json = (body, status = 200) => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});
const problem = (code, message) => ({ error: { code, message, requestId: 'b7c1' } });

/** Answers instead of the server's: of what it does not have here, of one that hangs, of one that is down. */
const fakes = {
  apps: (page) => page.route('**/api/v1/network-apps', (route) => route.fulfill(json(APPS))),
  test: async (page) => {
    await fakes.apps(page);
    await page.route('**/network-apps/*/test', (route) =>
      route.fulfill(
        json({
          ok: false,
          checks: [
            { name: 'redirect', ok: true, message: 'The redirect address is reachable by https.' },
            { name: 'app', ok: false, message: 'The network does not know this app id.' },
          ],
        }),
      ),
    );
  },
  offer: (page) =>
    page.route('**/social-accounts/pending/*', (route) => route.fulfill(json(OFFER))),
  offerOver: (page) =>
    page.route('**/social-accounts/pending/*', (route) =>
      route.fulfill(
        json(
          problem(
            'NOT_FOUND',
            'This choice was made already, or it waited for more than half an hour. Please connect the account again.',
          ),
          404,
        ),
      ),
    ),
  hangs: (page) =>
    page.route(/\/api\/v1\/(?!auth\/me|networks|events)/, () => {
      // Never answered: the screen stays as it is while it loads.
    }),
  down: (page) =>
    page.route(/\/api\/v1\/(?!auth\/me|networks|events)/, (route) =>
      route.fulfill(
        json(problem('REFUSED', 'The database is being repaired. Come back later.'), 400),
      ),
    ),
};

const click =
  (name, role = 'button') =>
  (page) =>
    page.getByRole(role, { name }).first().click();
const open = (text) => (page) => page.locator('summary', { hasText: text }).first().click();

/** [name, address, answers instead of the server's, what to do there] */
function screens(full) {
  const common = [
    ['home', '/'],
    ['posts', '/posts'],
    ['calendar', '/calendar'],
    ['media', '/media'],
    ['accounts', '/accounts'],
    ['compose', '/compose'],
  ];
  if (!full) return common.map(([name, ...rest]) => [`empty-${name}`, ...rest]);
  return [
    ...common,
    ...common.map(([name, path]) => [`loading-${name}`, path, fakes.hangs]),
    ...common.map(([name, path]) => [`broken-${name}`, path, fakes.down]),
    ['login', '/login?next=/posts'],
    ['signup', '/signup'],
    ['signup-refused', '/signup', null, click('Create account')],
    ['invite-broken', '/invite?token=none'],
    ['week', '/calendar?view=week'],
    ['needs-you', '/posts?status=needs_attention'],
    ['nothing-found', '/posts?search=zebra'],
    ['post-published', `/posts/${full.published}`],
    ['post-failed', `/posts/${full.failed}`],
    ['post-asked', `/posts/${full.asked}`],
    ['post-scheduled', `/posts/${full.scheduled}`],
    ['post-reschedule', `/posts/${full.scheduled}`, null, click('Reschedule')],
    ['post-gone', '/posts/0190aaaa-0000-7000-8000-000000000000'],
    ['edit', `/compose/${full.draft}`],
    ['edit-schedule', `/compose/${full.draft}`, null, click(/^Schedule…/)],
    ['connect', '/accounts?connect=1'],
    ['connect-mastodon', '/accounts?connect=1', null, click(/Mastodon/)],
    ['connect-refused', '/accounts?connectError=denied&message=You%20said%20no%20there.'],
    ['choose', '/accounts/choose/1', fakes.offer],
    ['choose-over', '/accounts/choose/1', fakes.offerOver],
    ['profile', '/settings/profile'],
    ['organization', '/settings/organization'],
    ['members', '/settings/members'],
    ['invite', '/settings/members', null, click(/Invite/)],
    ['tokens', '/settings/tokens'],
    ['token', '/settings/tokens', null, click(/New token/)],
    ['networks', '/settings/networks', fakes.apps],
    ['network-app', '/settings/networks', fakes.apps, open('Instagram')],
    [
      'network-test',
      '/settings/networks',
      fakes.test,
      async (page) => {
        await open('Mastodon')(page);
        await click('Test the app')(page);
        await page.getByText('not right yet').scrollIntoViewIfNeeded();
      },
    ],
    ['about', '/settings/about'],
    ['guides', '/networks'],
    ['guides-search', '/networks?q=story'],
    ['guides-none', '/networks?q=zebra'],
    ['guide', '/networks/instagram'],
    ['guide-text', '/networks/instagram#guide'],
    ['guide-unknown', '/networks/friendster'],
    ['palette', '/', null, (page) => page.keyboard.press('ControlOrMeta+K')],
    ['shortcuts', '/', null, (page) => page.keyboard.press('?')],
    ['not-found', '/no/such/page'],
  ];
}

const SIGNED_OUT = new Set(['login', 'signup', 'signup-refused', 'invite-broken']);

async function shootAll(list, session) {
  const looks = Object.keys(SIZES).flatMap((size) => [
    [size, 'light'],
    [size, 'dark'],
  ]);
  for (const screen of list) {
    if (wanted.length > 0 && !wanted.includes(screen[0])) continue;
    await Promise.all(looks.map((look) => shoot(screen, look, session)));
  }
}

async function shoot([name, path, fake, act], [size, theme], session) {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: theme,
    isMobile: size === 'phone',
    hasTouch: size === 'phone',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    storageState: SIGNED_OUT.has(name) ? undefined : session,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  try {
    await fake?.(page);
    await page.goto(server.base + path);
    await page.waitForTimeout(1200);
    await act?.(page);
    if (act) await page.waitForTimeout(600);
  } catch (error) {
    console.error(`${name} (${size}, ${theme}): ${error.message.split('\n')[0]}`);
  }
  await page.screenshot({
    path: `${folder}/${name}.${size}.${theme}.png`,
    fullPage: Boolean(process.env.SHOTS_WHOLE),
  });
  await context.close();
}

const inDays = (days, hour) => {
  const at = new Date(Date.now() + days * 86_400_000);
  at.setHours(hour, 30, 0, 0);
  return at.toISOString();
};

/** Accounts, media and posts in every state; their ids. */
async function fill(page) {
  await connectSandbox(world, page, sandbox);
  await world.go(page, '/media');
  const files = [];
  for (const [name, hue] of [
    ['harbour.png', 200],
    ['poster.png', 20],
    ['workshop.png', 140],
  ]) {
    files.push(await drawPng(page, name, { hue }));
  }
  await page.locator('input[type="file"]').setInputFiles(files);
  await page.getByText('workshop', { exact: false }).first().waitFor();
  await page.waitForTimeout(1500);
  const ids = await page.evaluate(
    async (when) => {
      const token = decodeURIComponent(/allin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '');
      const call = async (path, body) => {
        const answer = await fetch(`/api/v1${path}`, {
          method: body ? 'POST' : 'GET',
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
          body: body && JSON.stringify(body),
        });
        const read = await answer.json();
        if (!answer.ok) throw new Error(JSON.stringify(read));
        return read;
      };
      const [account] = (await call('/social-accounts')).data;
      const media = (await call('/content?limit=10')).data;
      const write = (text, rest = {}) =>
        call('/posts', {
          parts: [{ text, media: rest.media ?? [] }],
          targets: [{ socialAccountId: account.id }],
          timeZone: 'Europe/Berlin',
          ...(rest.at && { scheduledAt: rest.at }),
        });
      const picture = (index) => [{ contentId: media[index].id, altText: 'A poster in two inks' }];
      const draft = await write(
        'Two seats are open for the autumn workshop: https://northwind.example/workshop #typography',
        { media: picture(0) },
      );
      const scheduled = await write(
        'The new specimen book is at the printer. 96 pages, two inks.',
        {
          at: when[0],
          media: picture(1),
        },
      );
      for (const [index, text] of [
        'Doors open at eight. Bring a pen.',
        'A letter a day: g, with two storeys.',
        'We are hiring a type designer, remote or in Lisbon.',
        'Proofs are back. They look better than we hoped.',
      ].entries()) {
        await write(text, { at: when[index + 1] });
      }
      return { draft: draft.id, scheduled: scheduled.id };
    },
    [inDays(1, 9), inDays(1, 14), inDays(2, 8), inDays(4, 17), inDays(4, 18)],
  );
  const publish = async (text, shown, faults = []) => {
    await setFaults(sandbox, faults);
    await world.go(page, '/compose');
    await editor(page).fill(text);
    await publishNow(page, server.base);
    await state(page, shown);
    return page.url().split('/').pop();
  };
  const post = { method: 'POST', path: '/api/v1/statuses' };
  ids.published = await publish('Our new typeface is out. #typography', 'Published');
  ids.failed = await publish('This one is refused.', 'Failed', [
    { kind: 'status', status: 422, ...post },
  ]);
  ids.asked = await publish('Was it sent?', 'Needs you', [
    { kind: 'drop_after_accept', ...post },
    { kind: 'status', status: 403, method: 'GET', path: '/api/v1/accounts' },
  ]);
  return ids;
}

try {
  const page = await world.open();
  await world.signUp(page);
  await shootAll(screens(null), await page.context().storageState());
  const ids = await fill(page);
  await shootAll(screens(ids), await page.context().storageState());
} finally {
  await browser.close();
  await sandbox.stop();
  await server.stop();
}
