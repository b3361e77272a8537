// Starts the program on a free port of this machine, and stops it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEFAULT_BIN = fileURLToPath(new URL('../../target/release/allin', import.meta.url));
/** Milliseconds a server may take until it is ready. */
const PATIENCE = 30_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(url, child) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error('the server ended while starting');
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${PATIENCE / 1000} s`);
}

/** Runs the program until `stop` is called; `ready` is the path that answers once it has started. */
async function start(args, { base, ready, env, data }) {
  const bin = process.env.ALLIN_BIN ?? DEFAULT_BIN;
  if (!existsSync(bin)) {
    throw new Error(
      `There is no server at ${bin}. Build it with \`make build\`, or set ALLIN_BIN.`,
    );
  }
  let words = '';
  const child = spawn(bin, args, {
    cwd: data,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listen = (chunk) => {
    words = (words + chunk).slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    await answers(base + ready, child);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${words}`);
  }
  return { base, stop, log: () => words };
}

/** A server with an empty data folder. With E2E_BASE it is the one found there, which is left as it is. */
export async function startServer(env = {}) {
  if (process.env.E2E_BASE) return { base: process.env.E2E_BASE, stop: async () => {} };
  const data = await mkdtemp(join(tmpdir(), 'allin-e2e-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  return start(['serve'], {
    base,
    ready: '/health/ready',
    data,
    env: {
      ALLIN__SERVER__LISTEN: `127.0.0.1:${port}`,
      ALLIN__SERVER__PUBLIC_URL: base,
      ALLIN__DATA__DIR: data,
      ...env,
    },
  });
}

/** The simulated networks. */
export async function startSandbox() {
  const data = await mkdtemp(join(tmpdir(), 'allin-e2e-'));
  const listen = `127.0.0.1:${await freePort()}`;
  return start(['sandbox', '--listen', listen], {
    base: `http://${listen}`,
    ready: '/api/v2/instance',
    data,
    env: {},
  });
}
