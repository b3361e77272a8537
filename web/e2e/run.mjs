// Runs the scenarios in a real browser against a real server.
//   npm run e2e                      all scenarios, each against a fresh server
//   npm run e2e -- media settings    only these
// Environment: ALLIN_BIN (default ../target/release/allin), E2E_BASE (a server that runs already, instead of starting one),
// CHROMIUM_PATH (default /usr/bin/chromium), ALLIN_TEST_REQUIRE (a scenario whose peer is missing fails instead of being left out).
import { readdir, rm, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openWorld } from './world.mjs';
import { startSandbox, startServer } from './server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const shots = `${here}.shots`;
/** Milliseconds after which a scenario counts as stuck. */
const PATIENCE = 300_000;
/** Scenarios that run side by side: most of their time they wait. */
const AT_ONCE = 2;

const wanted = process.argv.slice(2);
const files = (await readdir(`${here}scenarios`)).filter((file) => file.endsWith('.mjs')).sort();
const names = files
  .map((file) => file.replace('.mjs', ''))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (names.length === 0) {
  console.error(`No scenario is called ${wanted.join(', ')}. There are: ${files.join(', ')}`);
  process.exit(1);
}

await rm(shots, { recursive: true, force: true });
await mkdir(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--no-first-run',
  ],
});

function withinPatience(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let failed = 0;

async function run(name) {
  // `serverEnv` may be made of the sandbox's address; the scenario then gets that sandbox.
  const { default: scenario, serverEnv, needs = [] } = await import(`./scenarios/${name}.mjs`);
  const missing = needs.filter((variable) => !process.env[variable]);
  if (missing.length > 0 && !process.env.ALLIN_TEST_REQUIRE) {
    console.log(`left out ${name}: ${missing.join(', ')} is not set`);
    return;
  }
  const started = Date.now();
  let server;
  let sandbox;
  let world;
  try {
    if (missing.length > 0) throw new Error(`${missing.join(', ')} is not set`);
    if (typeof serverEnv === 'function') sandbox = await startSandbox();
    server = await startServer(sandbox ? serverEnv(sandbox.base) : serverEnv);
    world = openWorld({ browser, base: server.base, shots, name });
    await withinPatience(scenario({ ...world, sandbox }));
    world.checkQuiet();
    console.log(`ok      ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED  ${name}: ${error.stack ?? error}`);
    for (const line of world?.noise() ?? []) console.error(`The page said: ${line}`);
    await world?.shootFailure();
    if (server?.log) console.error(`Server's last words:\n${server.log()}`);
  } finally {
    await world?.close();
    await server?.stop();
    await sandbox?.stop();
  }
}

const waiting = [...names];
async function runNext() {
  for (let name = waiting.shift(); name; name = waiting.shift()) await run(name);
}
await Promise.all(Array.from({ length: AT_ONCE }, runNext));
await browser.close();
console.log(
  failed === 0
    ? `All ${names.length} scenarios passed.`
    : `${failed} of ${names.length} scenarios failed.`,
);
process.exit(failed === 0 ? 0 : 1);
