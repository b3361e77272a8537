// Fails when any page needs more JavaScript on its first load than the budget allows (gzip, as a server sends it).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes; from the project's design, §9. */
const BUDGET = 150_000;

const dist = new URL('../dist/', import.meta.url).pathname;
const manifestFile = join(dist, '.vite/manifest.json');
if (!existsSync(manifestFile)) {
  console.error('There is no build to measure. Run `npm run build` first.');
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));

/** The chunk and everything it imports before it can run. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

/** A circle of imports between chunks, if there is one: constants of one may then be used before they are set. */
function findCircle(key, path = [], done = new Set()) {
  if (path.includes(key)) return [...path.slice(path.indexOf(key)), key];
  if (done.has(key)) return undefined;
  for (const next of manifest[key].imports ?? []) {
    const circle = findCircle(next, [...path, key], done);
    if (circle) return circle;
  }
  done.add(key);
  return undefined;
}

const sizes = new Map();
function gzipSize(key) {
  const { file } = manifest[key];
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file))).length);
  return sizes.get(file);
}

const find = (name) => Object.keys(manifest).find((key) => key.endsWith(name));
const entry = find('index.html');
const shell = find('app/Shell.tsx');
const settings = find('settings/SettingsLayout.tsx');
const pages = Object.keys(manifest).filter((key) => /^src\/features\/.*Page\.tsx$/.test(key));

// theme.js is outside the manifest, yet it loads with every page.
const theme = gzipSync(readFileSync(join(dist, 'theme.js'))).length;

const rows = pages
  .map((page) => {
    const parts = [entry, page];
    if (!page.includes('/auth/')) parts.push(shell);
    if (page.includes('/settings/')) parts.push(settings);
    const chunks = new Set(parts.flatMap((part) => [...closure(part)]));
    const total = [...chunks].reduce((sum, key) => sum + gzipSize(key), theme);
    return { page: page.replace('src/features/', '').replace('.tsx', ''), total };
  })
  .sort((a, b) => b.total - a.total);

for (const page of pages) {
  const circle = findCircle(page);
  if (circle) {
    console.error(`Chunks import each other in a circle: ${circle.join(' → ')}`);
    process.exit(1);
  }
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
for (const { page, total } of rows) {
  console.log(`${total > BUDGET ? 'TOO BIG' : 'ok     '}  ${kB(total).padStart(9)}  ${page}`);
}
console.log(
  `budget   ${kB(BUDGET).padStart(9)}  of JavaScript (gzip) on the first load of any page`,
);
process.exit(rows.length > 0 && rows.every(({ total }) => total <= BUDGET) ? 0 : 1);
