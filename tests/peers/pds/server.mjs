// Starts Bluesky's own server, `@atproto/pds`, the DID directory it registers accounts with, `@did-plc/server`
// (kept in memory), Bluesky's AppView, `@atproto/bsky`, where there is a PostgreSQL for it (APPVIEW_POSTGRES_URL), and
// a simulated video service; makes a demo account with an app password, and writes how to reach it all.
//
//   node server.mjs <data folder> <environment file to write>
//
// The environment file appears when everything answers. SIGTERM or SIGINT end the process; nothing survives it.
// Ports: PDS_PORT and PLC_PORT, which must be free.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

// Neither server can be told an address to listen on, and both would take all of them.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === 'number') args.splice(0, 1, { port: args[0], host: '127.0.0.1' });
  return listen.apply(this, args);
};
// Imported after that, and after the log setting, which is read while loading.
process.env.LOG_ENABLED ??= 'true';
process.env.LOG_LEVEL ??= 'warn';
const { Secp256k1Keypair } = await import('@atproto/crypto');
const { PDS } = await import('@atproto/pds');
const { default: plcServer } = await import('@did-plc/server');
const { startVideoService } = await import('./video.mjs');

const [dataFolder, environmentFile] = process.argv.slice(2);
const pdsPort = Number(process.env.PDS_PORT);
const plcPort = Number(process.env.PLC_PORT);
const postgres = process.env.APPVIEW_POSTGRES_URL;
const { APPVIEW_DID, startAppView } = postgres ? await import('./appview.mjs') : {};
const secret = () => randomBytes(16).toString('hex');

/** A port that nobody listens on. */
async function freePort() {
  const probe = net.createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts the DID directory and answers its address: by name, since the PDS refuses to ask a bare IP address. */
async function startDirectory() {
  const db = plcServer.Database.mock();
  await plcServer.PlcServer.create({ db, port: plcPort }).start();
  return `http://localhost:${plcPort}`;
}

/** Starts the PDS and answers its address, spelled as the server spells it itself. */
async function startPds(didPlcUrl, adminPassword, appViewPort) {
  const rotationKey = await Secp256k1Keypair.create({ exportable: true });
  const server = await PDS.fromEnv({
    port: pdsPort,
    hostname: 'localhost',
    devMode: true,
    serviceName: 'Local test PDS',
    dataDirectory: dataFolder,
    blobstoreDiskLocation: path.join(dataFolder, 'blobs'),
    didPlcUrl,
    serviceHandleDomains: ['.test'],
    inviteRequired: false,
    // As bsky.social does.
    enableDidDocWithSession: true,
    jwtSecret: secret(),
    adminPassword,
    plcRotationKeyK256PrivateKeyHex: Buffer.from(await rotationKey.export()).toString('hex'),
    recoveryDidKey: (await Secp256k1Keypair.create()).did(),
    ...(postgres && { bskyAppViewUrl: `http://localhost:${appViewPort}`, bskyAppViewDid: APPVIEW_DID }),
  });
  await server.start();
  return `http://localhost:${pdsPort}`;
}

/** Calls a procedure of the PDS and answers its output. */
async function call(pds, procedure, input, token) {
  const response = await fetch(`${pds}/xrpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${procedure}: ${response.status} ${await response.text()}`);
  return response.json();
}

mkdirSync(dataFolder, { recursive: true });
const adminPassword = secret();
const plc = await startDirectory();
const appViewPort = await freePort();
const pds = await startPds(plc, adminPassword, appViewPort);
const dataPort = await freePort();
if (postgres) await startAppView({ port: appViewPort, dataPort, pds, plc, postgres });
const video = await startVideoService(pds);
const password = secret();
const account = await call(pds, 'com.atproto.server.createAccount', {
  handle: 'allin.test',
  email: 'allin@example.com',
  password,
});
const app = await call(pds, 'com.atproto.server.createAppPassword', { name: 'allin' }, account.accessJwt);

const environment = {
  ALLIN_TEST_PDS_URL: pds,
  ALLIN_TEST_PDS_ADMIN_PASSWORD: adminPassword,
  ALLIN_TEST_PDS_HANDLE: account.handle,
  ALLIN_TEST_PDS_DID: account.did,
  ALLIN_TEST_PDS_PASSWORD: password,
  ALLIN_TEST_PDS_APP_PASSWORD: app.password,
  ALLIN_TEST_PLC_URL: plc,
  ALLIN_TEST_BSKY_VIDEO_URL: video,
  ...(postgres && { ALLIN_TEST_BSKY_APPVIEW_URL: `http://localhost:${appViewPort}` }),
};
const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
writeFileSync(`${environmentFile}.new`, lines.join(''), { mode: 0o600 });
renameSync(`${environmentFile}.new`, environmentFile);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
