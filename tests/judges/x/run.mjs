// Drives the sandbox's X with X's own TypeScript SDK and with twitter-api-v2. See README.md.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { Client } from "@xdevplatform/xdk";
import { TwitterApi } from "twitter-api-v2";
import twitterText from "twitter-text";

const sandbox = process.env.SANDBOX_URL.replace(/\/$/, "");
const base = `${sandbox}/x`;
const redirectUri = "https://judge.example/callback";

async function consent() {
  const verifier = "judge".repeat(10);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "sandbox-app",
    redirect_uri: redirectUri,
    scope: "tweet.read tweet.write users.read media.write offline.access",
    state: "judge",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const yes = await fetch(`${base}/i/oauth2/authorize?${query}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ decision: "approve", account: "jonas" }),
  });
  assert.equal(yes.status, 303);
  const back = new URL(yes.headers.get("location"));
  const answer = await fetch(`${base}/2/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("sandbox-app:sandbox-secret")}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code"),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).access_token;
}

async function driveXdk(accessToken) {
  const client = new Client({ accessToken, baseUrl: base });
  const me = await client.users.getMe({ userFields: ["public_metrics"] });
  assert.equal(me.data.username, "jonas");
  const text = `xdk ts ${process.hrtime.bigint()}`;
  const created = await client.posts.create({ text });
  const read = await client.posts.getById(created.data.id, { postFields: ["created_at", "public_metrics"] });
  assert.equal(read.data.text, text);
  const metrics = read.data.public_metrics ?? read.data.publicMetrics;
  assert.equal(typeof (metrics.repost_count ?? metrics.repostCount), "number");
  assert.equal((await client.posts.delete(created.data.id)).data.deleted, true);
}

// twitter-api-v2 speaks https alone: what it sends to api.x.com goes to the sandbox instead.
function redirectToSandbox() {
  const target = new URL(base);
  const request = https.request;
  https.request = (options) => {
    if (!/(^|\.)(x|twitter)\.com$/.test(options.host)) return request(options);
    return http.request({
      method: options.method,
      headers: { ...options.headers, host: target.host },
      hostname: target.hostname,
      port: target.port,
      path: target.pathname + options.path,
    });
  };
}

async function driveTwitterApiV2(accessToken) {
  const client = new TwitterApi(accessToken).v2;
  assert.equal((await client.me()).data.username, "jonas");
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/VscvDQAAAABJRU5ErkJggg==",
    "base64",
  );
  const media = await client.uploadMedia(pixel, { media_type: "image/png", media_category: "tweet_image" });
  await client.createMediaMetadata(media, { alt_text: { text: "A pixel" } });
  const stamp = process.hrtime.bigint();
  const thread = await client.tweetThread([
    { text: `v2 ${stamp}`, media: { media_ids: [media] } },
    `v2 second ${stamp}`,
  ]);
  const [first, second] = thread.map((tweet) => tweet.data.id);
  const read = await client.singleTweet(second, {
    "tweet.fields": ["referenced_tweets", "conversation_id"],
    expansions: ["referenced_tweets.id", "attachments.media_keys"],
    "media.fields": ["alt_text"],
  });
  assert.deepEqual(read.data.referenced_tweets, [{ type: "replied_to", id: first }]);
  assert.equal(read.data.conversation_id, first);
  await assert.rejects(client.tweet(`v2 second ${stamp} ${"字".repeat(140)}`), (error) => error.code === 403);
  for (const id of [second, first]) assert.equal((await client.deleteTweet(id)).data.deleted, true);
}

// The sandbox measures texts as X's own library does, to the last character that fits.
async function measure(accessToken) {
  const stamp = String(process.hrtime.bigint());
  for (const piece of ["a", "字", "👨‍👩‍👧‍👦", "é", "🇩🇪", "https://example.org/a/long/way "]) {
    let text = stamp + " ";
    while (twitterText.parseTweet(text + piece).weightedLength <= 280) text += piece;
    for (const [body, status] of [[text, 201], [text + piece.trim() + "aa", 403]]) {
      if (status === 403 && twitterText.parseTweet(body).valid) continue;
      const answer = await fetch(`${base}/2/tweets`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
        body: JSON.stringify({ text: body }),
      });
      const got = await answer.json();
      assert.equal(answer.status, status, `${piece}: ${JSON.stringify(got)}`);
      if (status === 201)
        await fetch(`${base}/2/tweets/${got.data.id}`, {
          method: "DELETE",
          headers: { authorization: `Bearer ${accessToken}` },
        });
    }
  }
}

const accessToken = await consent();
await driveXdk(accessToken);
redirectToSandbox();
await driveTwitterApiV2(accessToken);
await measure(accessToken);
console.log("x: @xdevplatform/xdk and twitter-api-v2 agree; texts weigh what twitter-text says");
