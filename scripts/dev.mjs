// `make dev`: the server, rebuilt and restarted when its sources change, and the UI's development server, which reloads
// the browser by itself and passes API calls on. Ctrl-C stops both.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Editors write several files at once; wait this long (milliseconds) for the last one. */
const SETTLE = 300;
/** A server that has not stopped by then (milliseconds) is killed. */
const PATIENCE = 5_000;

let server;
let stopping = false;
let timer;

function startServer() {
  // cargo replaces itself with the server, so that signals reach it.
  const child = spawn('cargo', ['run', '--bin', 'allin', '--', 'serve'], { cwd: root, stdio: 'inherit' });
  server = child;
  child.on('exit', (code) => {
    if (server !== child) return;
    server = undefined;
    if (!stopping && code) console.error('==> The server stopped. It starts again with the next change.');
  });
}

function stopServer() {
  const child = server;
  server = undefined;
  if (!child) return Promise.resolve();
  return new Promise((resolve) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.once('exit', () => {
      clearTimeout(killer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

let restarts = Promise.resolve();
function restartServer() {
  restarts = restarts.then(async () => {
    if (stopping) return;
    console.error('==> Sources changed: building and restarting the server');
    await stopServer();
    startServer();
  });
}

function changed(_event, file) {
  if (file && !/\.(rs|sql|toml|lock)$/.test(file)) return;
  clearTimeout(timer);
  timer = setTimeout(restartServer, SETTLE);
}

startServer();
watch(`${root}crates`, { recursive: true }, changed);
for (const file of ['Cargo.toml', 'Cargo.lock', 'allin.toml']) {
  if (existsSync(root + file)) watch(root + file, () => changed('change', file));
}
const ui = spawn(process.execPath, ['node_modules/vite/bin/vite.js'], { cwd: `${root}web`, stdio: 'inherit' });

async function stop(code) {
  if (stopping) return;
  stopping = true;
  ui.kill('SIGTERM');
  await stopServer();
  process.exit(code);
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));
ui.on('exit', (code) => stop(code ?? 1));
