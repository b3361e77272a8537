// A simulation of Bluesky's video service, which is not published as a program. Written from the lexicons
// `app.bsky.video.*` (bluesky-social/atproto, 2026-08-20) and docs.bsky.app/docs/tutorials/video. It processes nothing,
// but it is as strict as they say, and the file really ends up on the PDS, with the token that the client brought.
//
// Told by the beginning of a file: `FAIL <failureCode>` is a video that can't be processed so; `SLOW` takes three
// questions before it is ready. By the declared length: over ten minutes is VideoTooLong.
import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';

/** Small, so that tests need no large files; the real ones are of several megabytes. */
const PART = 64 * 1024;
const MAX_BYTES = 300_000_000;
const MAX_MILLISECONDS = 600_000;

class Refusal extends Error {
  constructor(status, error, message) {
    super(message);
    Object.assign(this, { status, error });
  }
}

/** Starts the service for accounts of `pds` and answers its address. */
export async function startVideoService(pds) {
  const uploads = new Map();
  const jobs = new Map();
  const done = new Map();
  /** What was asked for and done, for tests: `GET /calls`. */
  const calls = [];

  const describe = await (await fetch(`${pds}/xrpc/com.atproto.server.describeServer`)).json();

  /** Who asks. The token must let us put a blob on the PDS; whether it is genuine, the PDS finds out. */
  function caller(request) {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Refusal(401, 'AuthMissing', 'Authorization required');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
    if (claims.aud !== describe.did) throw new Refusal(400, 'InvalidToken', `aud is ${claims.aud}`);
    if (claims.lxm !== 'com.atproto.repo.uploadBlob') throw new Refusal(400, 'InvalidToken', `lxm is ${claims.lxm}`);
    if (claims.exp * 1000 < Date.now()) throw new Refusal(400, 'ExpiredToken', 'the token has expired');
    return { did: claims.iss, token };
  }

  function upload(jobId) {
    const found = uploads.get(jobId);
    if (!found) throw new Refusal(404, 'UploadNotFound', `no upload ${jobId}`);
    return found;
  }

  const jobStatus = ({ jobId, did, state, blob, failureCode, error, message }) => ({
    jobId,
    did,
    state,
    ...(blob && { blob }),
    ...(failureCode && { failureCode }),
    ...(error && { error }),
    ...(message && { message }),
  });

  /** Begins to process a whole file. The same file again is the same job. */
  function begin(did, token, bytes) {
    const key = `${did} ${createHash('sha256').update(bytes).digest('hex')}`;
    const known = done.get(key);
    if (known) return known;
    const start = bytes.subarray(0, 64).toString('latin1');
    const job = { jobId: randomBytes(10).toString('hex'), did, token, bytes, state: 'JOB_STATE_CREATED', waits: 1 };
    if (start.startsWith('SLOW')) job.waits = 3;
    job.fails = /^FAIL (\w+)/.exec(start)?.[1];
    jobs.set(job.jobId, job);
    if (!job.fails) done.set(key, job);
    return job;
  }

  /** One step further; at the end the file goes to the PDS. */
  async function proceed(job) {
    if (!job.state.match(/CREATED|ENCODING/)) return;
    if (job.waits-- > 0) {
      job.state = 'JOB_STATE_ENCODING';
      return;
    }
    if (job.fails) {
      Object.assign(job, { state: 'JOB_STATE_FAILED', failureCode: job.fails, message: 'Failed to process video' });
      return;
    }
    const answer = await fetch(`${pds}/xrpc/com.atproto.repo.uploadBlob`, {
      method: 'POST',
      headers: { authorization: `Bearer ${job.token}`, 'content-type': 'video/mp4' },
      body: job.bytes,
    });
    const body = await answer.json();
    if (answer.ok) Object.assign(job, { state: 'JOB_STATE_COMPLETED', blob: body.blob });
    else Object.assign(job, { state: 'JOB_STATE_FAILED', failureCode: 'pds_upload_failure', message: body.message });
    job.bytes = undefined;
  }

  const methods = {
    async startUpload(request, _, body) {
      const { did } = caller(request);
      const { sizeBytes, mimeType, durationMs } = JSON.parse(body);
      if (!Number.isInteger(sizeBytes) || sizeBytes < 1) throw new Refusal(400, 'InvalidRequest', 'sizeBytes');
      if (mimeType !== 'video/mp4') throw new Refusal(400, 'UnsupportedContentType', mimeType);
      if (sizeBytes > MAX_BYTES) throw new Refusal(400, 'VideoTooLarge', `${sizeBytes} bytes`);
      if (durationMs > MAX_MILLISECONDS) throw new Refusal(400, 'VideoTooLong', `${durationMs} ms`);
      const jobId = randomBytes(10).toString('hex');
      const partCount = Math.ceil(sizeBytes / PART);
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      uploads.set(jobId, { did, sizeBytes, partCount, parts: new Map(), state: 'created', expiresAt });
      return { jobId, partSizeBytes: PART, partCount, expiresAt };
    },

    async uploadPart(request, query, body) {
      caller(request);
      const session = upload(query.get('jobId'));
      const number = Number(query.get('partNumber'));
      if (session.state !== 'created') throw new Refusal(400, 'UploadAlreadyCompleted', session.state);
      if (!(number >= 1 && number <= session.partCount)) throw new Refusal(400, 'InvalidPartNumber', `${number}`);
      const wanted = number < session.partCount ? PART : session.sizeBytes - PART * (session.partCount - 1);
      if (Number(request.headers['content-length']) !== wanted || body.length !== wanted) {
        throw new Refusal(400, 'PartSizeMismatch', `${body.length} instead of ${wanted}`);
      }
      session.parts.set(number, body);
      return { partNumber: number, sizeBytes: body.length };
    },

    async getUploadStatus(request, query) {
      caller(request);
      const jobId = query.get('jobId');
      const { state, parts, partCount, expiresAt, completedJobId } = upload(jobId);
      const received = { jobId, partSizeBytes: PART, partCount, expiresAt, receivedParts: [...parts.keys()], state };
      return completedJobId
        ? { ...received, completedJobId, jobStatus: jobStatus(jobs.get(completedJobId)) }
        : received;
    },

    async finishUpload(request, _, body) {
      const { did, token } = caller(request);
      const session = upload(JSON.parse(body).jobId);
      if (session.state === 'created') {
        const missing = [];
        for (let part = 1; part <= session.partCount; part++) if (!session.parts.has(part)) missing.push(part);
        if (missing.length) throw new Refusal(400, 'MissingParts', missing.join(', '));
        const bytes = Buffer.concat([...session.parts].sort(([a], [b]) => a - b).map(([, part]) => part));
        session.completedJobId = begin(did, token, bytes).jobId;
        session.state = 'completed';
        session.parts.clear();
      }
      const job = jobs.get(session.completedJobId);
      return { completedJobId: job.jobId, jobStatus: jobStatus(job) };
    },

    /** Answers without the envelope that the lexicon asks for, as the real one does. */
    async uploadVideo(request, query, body) {
      const { did, token } = caller(request);
      if (query.get('did') !== did) throw new Refusal(400, 'InvalidRequest', 'did');
      const before = jobs.size;
      const job = begin(did, token, body);
      if (jobs.size > before) return jobStatus(job);
      throw Object.assign(new Refusal(409, 'already_exists', 'Video already processed'), { job });
    },

    async getJobStatus(_, query) {
      const job = jobs.get(query.get('jobId'));
      if (!job) throw new Refusal(404, 'NotFound', 'job not found');
      await proceed(job);
      return { jobStatus: jobStatus(job) };
    },
  };

  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    // `/old/…` is the service as it was before it took pieces.
    const [, old, name] = /^(\/old)?\/xrpc\/app\.bsky\.video\.(\w+)$/.exec(url.pathname) ?? [];
    const reply = (status, value) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      if (url.pathname === '/calls') return reply(200, calls);
      const served = old ? ['uploadVideo', 'getJobStatus'] : Object.keys(methods);
      if (!served.includes(name)) throw new Refusal(404, 'XRPCNotSupported', 'XRPCNotSupported');
      const answer = await methods[name](request, url.searchParams, Buffer.concat(chunks));
      const said = ['jobId', 'partNumber'].map((key) => url.searchParams.get(key) ?? '');
      calls.push([name, ...said].join(' ').trim());
      reply(200, answer);
    } catch (error) {
      const { status = 500, job, message } = error;
      reply(status, { ...(job && jobStatus(job)), error: error.error ?? 'InternalServerError', message });
    }
  });
  server.listen(0);
  await once(server, 'listening');
  return `http://localhost:${server.address().port}`;
}
