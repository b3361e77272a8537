// Drives the sandbox's YouTube with @googleapis/youtube. SANDBOX_URL is where the sandbox is.
import { youtube } from '@googleapis/youtube';
import { Readable } from 'node:stream';

const base = `${process.env.SANDBOX_URL.replace(/\/$/, '')}/youtube`;
const redirect = 'https://allin.example/oauth/callback';
let failures = 0;

function expect(isSo, what) {
  console.log(`${isSo ? 'ok      ' : 'FAILED  '}${what}`);
  if (!isSo) failures += 1;
}

/** Presses the button of the consent page, and redeems the code. */
async function consent(account) {
  const query = new URLSearchParams({
    client_id: 'sandbox-app',
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'https://www.googleapis.com/auth/youtube.force-ssl',
    access_type: 'offline',
    state: 's',
  });
  const page = await fetch(`${base}/o/oauth2/v2/auth?${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ decision: 'approve', account }),
  });
  const code = new URL(page.headers.get('location')).searchParams.get('code');
  const answer = await fetch(`${base}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: 'sandbox-app',
      client_secret: 'sandbox-secret',
      redirect_uri: redirect,
    }),
  });
  return answer.json();
}

const token = await consent('mara');
expect(token.token_type === 'Bearer' && token.refresh_token !== undefined, 'a consent gives tokens');
const client = youtube('v3');
// With each call: given once for all, the client would drop the path of `rootUrl`.
const here = { rootUrl: `${base}/`, headers: { Authorization: `Bearer ${token.access_token}` } };

const channels = await client.channels.list({ part: ['snippet', 'statistics'], mine: true }, here);
expect(channels.data.items.length === 1, 'the channel is listed');

const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isommp42', 'latin1'), Buffer.alloc(50_000, 7)]);
const inserted = await client.videos.insert({
  part: ['snippet', 'status'],
  requestBody: {
    snippet: { title: 'Judged', description: 'By the client for Node.' },
    status: { privacyStatus: 'unlisted' },
  },
  media: { mimeType: 'video/mp4', body: Readable.from(video) },
}, here);
expect(inserted.status === 200 && inserted.data.snippet.title === 'Judged', 'a video is uploaded');
expect(inserted.data.status.privacyStatus === 'unlisted', 'it is unlisted');

const { id } = inserted.data;
const listed = await client.videos.list({ part: ['status', 'fileDetails'], id: [id] }, here);
expect(listed.data.items[0].fileDetails.fileSize === String(video.length), 'all of its bytes arrived');

await client.videos.update({
  part: ['status'],
  requestBody: { id, status: { privacyStatus: 'public' } },
}, here);
const shown = await client.videos.list({ part: ['status'], id: [id] }, here);
expect(shown.data.items[0].status.privacyStatus === 'public', 'it is public after an update');

const refused = await client.videos
  .update({ part: ['snippet'], requestBody: { id: 'nothing', snippet: { title: 'x', categoryId: '22' } } }, here)
  .catch((error) => error);
expect(refused.response?.data.error.errors[0].reason === 'videoNotFound', 'a video that there is none of is refused');

await client.videos.delete({ id }, here);
const gone = await client.videos.list({ part: ['id'], id: [id] }, here);
expect(gone.data.items.length === 0, 'it is gone after deleting');

console.log(failures === 0 ? 'all well' : `${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
