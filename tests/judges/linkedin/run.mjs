// Drives the sandbox's LinkedIn with LinkedIn's own client. See README.md.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import linkedin from "linkedin-api-client";
import { check } from "./recorded.mjs";

const { AuthClient, RestliClient } = linkedin;
const sandbox = process.env.SANDBOX_URL.replace(/\/$/, "");
const base = `${sandbox}/linkedin`;
const redirectUrl = "https://judge.example/callback";
const versionString = "202609";

// The client's addresses are fixed: what it sends to LinkedIn goes to the sandbox instead.
// The same axios as the client requires.
const axios = createRequire(import.meta.url)("axios");
const rewrite = (config) => {
  config.url = config.url
    .replace("https://api.linkedin.com", base)
    .replace("https://www.linkedin.com", base);
  return config;
};
const create = axios.create.bind(axios);
axios.create = (...args) => {
  const instance = create(...args);
  instance.interceptors.request.use(rewrite);
  return instance;
};
axios.interceptors.request.use(rewrite);

const auth = new AuthClient({ clientId: "sandbox-app", clientSecret: "sandbox-secret", redirectUrl });
const scopes = ["r_basicprofile", "w_member_social", "rw_organization_admin", "w_organization_social",
  "r_organization_social", "w_organization_social_feed", "r_organization_social_feed"];
const page = auth.generateMemberAuthorizationUrl(scopes, "judge").replace("https://www.linkedin.com", base);
const yes = await fetch(page, {
  method: "POST",
  redirect: "manual",
  body: new URLSearchParams({ decision: "approve", account: "mara" }),
});
assert.equal(yes.status, 303, await yes.text());
const back = new URL(yes.headers.get("location"));
assert.equal(back.searchParams.get("state"), "judge");
const tokens = await auth.exchangeAuthCodeForAccessToken(back.searchParams.get("code"));
assert.equal(tokens.expires_in, 60 * 86_400);
const renewed = await auth.exchangeRefreshTokenForAccessToken(tokens.refresh_token);
const accessToken = renewed.access_token;

const client = new RestliClient();
const call = { accessToken, versionString };
const me = await client.get({ resourcePath: "/me", accessToken });
assert.equal(me.data.vanityName, "mara");
const access = await client.finder({
  ...call,
  resourcePath: "/organizationAcls",
  finderName: "roleAssignee",
  queryParams: { role: "ADMINISTRATOR", state: "APPROVED" },
});
const author = access.data.elements[0].organization;
const stamp = process.hrtime.bigint();
const entity = {
  author,
  commentary: `Judged \\(${stamp}\\) #fair`,
  visibility: "PUBLIC",
  distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
  lifecycleState: "PUBLISHED",
  isReshareDisabledByAuthor: false,
};
const created = await client.create({ ...call, resourcePath: "/posts", entity });
const urn = created.createdEntityId;
assert.match(decodeURIComponent(urn), /^urn:li:share:\d+$/);
const read = await client.get({ ...call, resourcePath: "/posts/{id}", pathKeys: { id: decodeURIComponent(urn) } });
assert.equal(read.data.author, author);
assert.match(read.data.commentary, /\{hashtag\|\\#\|fair\}/);
const found = await client.finder({
  ...call,
  resourcePath: "/posts",
  finderName: "author",
  queryParams: { author, sortBy: "CREATED" },
});
assert.equal(found.data.elements[0].id, read.data.id);
await assert.rejects(client.create({ ...call, resourcePath: "/posts", entity }), (error) => {
  assert.equal(error.response.status, 422);
  assert.ok(error.response.data.message.includes(read.data.id));
  return true;
});
await assert.rejects(
  client.create({ ...call, resourcePath: "/posts", entity: { ...entity, commentary: "not (escaped)" } }),
  (error) => error.response.status === 400,
);
await assert.rejects(client.get({ ...call, versionString: "202301", resourcePath: "/posts/{id}", pathKeys: { id: read.data.id } }),
  (error) => error.response.status === 426);
const upload = await client.action({
  ...call,
  resourcePath: "/images",
  actionName: "initializeUpload",
  data: { initializeUploadRequest: { owner: author } },
});
assert.match(upload.data.value.image, /^urn:li:image:/);
const comment = await client.create({
  ...call,
  resourcePath: "/socialActions/{urn}/comments",
  pathKeys: { urn: read.data.id },
  entity: { actor: author, object: read.data.id, message: { text: "First" } },
});
assert.equal(comment.status, 201);
const gone = await client.delete({ ...call, resourcePath: "/posts/{id}", pathKeys: { id: read.data.id } });
assert.equal(gone.status, 204);

const sent = await (await fetch(`${sandbox}/sandbox/requests?network=linkedin`)).json();
const held = check(sent.filter((request) => request.status < 400));
console.log(`linkedin: linkedin-api-client agrees; ${held} requests have the documented form`);
