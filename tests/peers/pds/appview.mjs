// Bluesky's own AppView, `@atproto/bsky`: it reads what the PDS publishes into a schema of a PostgreSQL and answers
// `app.bsky.*`. As Bluesky runs it, but for one that leaves out what needs more servers (search, mutes, suggestions).
import { Secp256k1Keypair } from '@atproto/crypto';
import * as bsky from '@atproto/bsky';

/** The name of Bluesky's AppView: what a PDS is asked to proxy to is this one, when it is asked for Bluesky's. */
export const APPVIEW_DID = 'did:web:api.bsky.app';

const NOBODY = 'did:example:nobody';
const SCHEMA = 'appview';

/** Starts the AppView on `port`; `pds` and `plc` are the addresses of the PDS and of the DID directory. */
export async function startAppView({ port, dataPort, pds, plc, postgres }) {
  const db = new bsky.Database({ url: postgres, schema: SCHEMA, poolSize: 5 });
  // An earlier PDS is gone, and what was read from it with it.
  await db.pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
  await db.migrateToLatestOrThrow();
  // By the plain `fetch`, since theirs speaks to no machine of this network.
  const dataplane = await bsky.DataPlaneServer.create(db, dataPort, plc, fetch);
  // Nobody outside knows `.test`; the PDS that gave a handle does.
  dataplane.idResolver.handle.resolve = async (handle) => {
    const answer = await fetch(`${pds}/xrpc/com.atproto.identity.resolveHandle?handle=${handle}`);
    return answer.ok ? (await answer.json()).did : undefined;
  };
  const config = new bsky.ServerConfig({
    version: 'test',
    port,
    didPlcUrl: plc,
    publicUrl: `http://localhost:${port}`,
    serverDid: APPVIEW_DID,
    alternateAudienceDids: [],
    dataplaneUrls: [`http://localhost:${dataPort}`],
    dataplaneHttpVersion: '1.1',
    // Not there; nothing that is asked for in tests needs it.
    bsyncUrl: 'http://localhost:9',
    bsyncHttpVersion: '1.1',
    modServiceDid: NOBODY,
    labelsFromIssuerDids: [],
    bigThreadUris: new Set(),
    maxThreadParents: 50,
    disableSsrfProtection: true,
    searchTagsHide: new Set(),
    searchTagsHideAll: new Set(),
    threadTagsBumpDown: new Set(),
    threadTagsHide: new Set(),
    visibilityTagHide: '',
    visibilityTagRankPrefix: '',
    debugFieldAllowedDids: new Set(),
    draftsLimit: 500,
    feedGenSkeletonTimeout: 2000,
    adminPasswords: ['none'],
    etcdHosts: [],
  });
  const signingKey = await Secp256k1Keypair.create();
  await bsky.BskyAppView.create({ config, signingKey }).start();
  const subscription = new bsky.RepoSubscription({
    service: pds.replace(/^http/, 'ws'),
    db,
    idResolver: dataplane.idResolver,
  });
  void subscription.start();
}
