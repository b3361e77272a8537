// Drives the sandbox's Facebook and Instagram with Meta's Business SDK for Node.js, which sends JSON where the one for
// Python sends forms. SANDBOX_URL is where the sandbox is.
import sdk from 'facebook-nodejs-business-sdk';

const { Comment, FacebookAdsApi, IGUser, Page, PagePost } = sdk;
const sandbox = process.env.SANDBOX_URL.replace(/\/$/, '');
const version = 'v26.0';
const redirect = 'https://judge.example/callback';
let failures = 0;

function expect(isSo, what) {
  console.log(`${isSo ? 'ok      ' : 'FAILED  '}${what}`);
  if (!isSo) failures += 1;
}

/** The client is of an earlier version of Graph, and has a fixed address. */
function pointAt(network) {
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => `${sandbox}/${network}`, configurable: true });
  Object.defineProperty(FacebookAdsApi, 'VERSION', { get: () => version, configurable: true });
}

/** Presses the button of the consent page, redeems the code, and answers the Pages with their tokens. */
async function pages(network, scope) {
  const base = `${sandbox}/${network}/${version}`;
  const query = new URLSearchParams({
    client_id: 'sandbox-app',
    redirect_uri: redirect,
    response_type: 'code',
    scope,
    state: 's',
  });
  const page = await fetch(`${base}/dialog/oauth?${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ decision: 'approve', account: 'mara' }),
  });
  const code = new URL(page.headers.get('location')).searchParams.get('code');
  const redeem = new URLSearchParams({
    client_id: 'sandbox-app',
    client_secret: 'sandbox-secret',
    redirect_uri: redirect,
    code,
  });
  const { access_token: token } = await (await fetch(`${base}/oauth/access_token?${redeem}`)).json();
  const fields = 'id,name,access_token,instagram_business_account';
  const asked = new URLSearchParams({ access_token: token, fields });
  return (await (await fetch(`${base}/me/accounts?${asked}`)).json()).data;
}

async function refused(code, call) {
  try {
    await call();
  } catch (error) {
    const told = error.response?.code ?? error.response?.error?.code;
    expect(told === code, `refused with ${code}${told === code ? '' : `, not with ${told}: ${error.message}`}`);
    return;
  }
  expect(false, `refused with ${code}`);
}

async function facebook() {
  pointAt('facebook');
  const scope = 'pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_engagement,read_insights';
  const [own] = await pages('facebook', scope);
  FacebookAdsApi.init(own.access_token);
  const page = new Page(own.id);
  const made = await page.createFeed([], { message: 'From Node.js', published: false });
  expect(made.id.startsWith(`${own.id}_`), 'an unpublished post has an id');
  const post = new PagePost(made.id);
  await post.update([], { is_published: true });
  const [newest] = await page.getPublishedPosts(['id', 'message']);
  expect(newest.id === made.id && newest.message === 'From Node.js', 'it is published by its id');
  const comment = await post.createComment([], { message: 'Below' });
  const [seen] = await post.getComments(['id', 'message']);
  expect(seen.id === comment.id && seen.message === 'Below', 'a comment stands below it');
  await refused(200, () => new Comment(comment.id).update([], { is_hidden: true }));
  const [views] = await post.getInsights([], { metric: ['post_media_view'] });
  expect(views.name === 'post_media_view', 'it has numbers');
  const reel = await page.createVideoReel([], { upload_phase: 'start' });
  expect(Boolean(reel.video_id ?? reel._data?.video_id), 'a reel has an id before its bytes');
  await post.delete([]);
  await refused(100, () => post.get(['id']));
}

async function instagram() {
  pointAt('instagram');
  const scope = 'instagram_basic,instagram_content_publish,pages_show_list,pages_read_engagement';
  const [own] = await pages('instagram', scope);
  FacebookAdsApi.init(own.access_token);
  const account = new IGUser(own.instagram_business_account.id);
  const made = await account.createMedia([], { media_type: 'REELS', upload_type: 'resumable', caption: 'From Node.js' });
  expect(Boolean(made.id), 'a container has an id before its bytes');
  await refused(9007, () => account.createMediaPublish([], { creation_id: made.id }));
  await refused(100, () => account.createMedia([], { caption: 'No picture' }));
  const [limit] = await account.getContentPublishingLimit(['config', 'quota_usage']);
  expect(limit.config.quota_total > 0, 'a limit is told');
}

await facebook();
await instagram();
if (failures > 0) process.exit(1);
