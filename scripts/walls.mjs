// Checks the walls between the crates: each may use only crates of lower floors. `make lint` runs it.
// The picture is in ARCHITECTURE.md; a new crate is given its floor here.
import { execFileSync } from 'node:child_process';

const FLOORS = [
  ['kernel'],
  ['store', 'vault', 'networks', 'http', 'sandbox'],
  ['identity', 'accounts'],
  ['content'],
  ['publishing'],
  ['gateway'],
  ['allin'],
];
/** Uses that the floors alone would forbid. */
const ALSO = { accounts: ['identity'], gateway: ['webui'], allin: ['webui'] };
/** Crates that use nothing of ours, and that only those named in ALSO use. */
const LEAVES = ['webui'];
/** Programs beside the product: they may use everything and nothing uses them. */
const TOOLS = ['bench'];
/** The simulated networks may be used by any crate's tests. */
const FOR_TESTS = ['sandbox'];
/** What tests share: it may use the lowest floors, and only tests use it. */
const ONLY_FOR_TESTS = ['testkit'];
/** The kernel does no I/O, so it has no use for these. */
const NOT_IN_KERNEL = ['axum', 'hyper', 'object_store', 'reqwest', 'tokio'];

const floorOf = (crate) => FLOORS.findIndex((floor) => floor.includes(crate));
const isKnown = (crate) =>
  floorOf(crate) >= 0 || [...LEAVES, ...TOOLS, ...ONLY_FOR_TESTS].includes(crate);

/** Whether crate `user` may use crate `used`, and `inTests` whether only its tests do. */
function mayUse(user, used, inTests) {
  if (TOOLS.includes(used)) return false;
  if (TOOLS.includes(user)) return true;
  if (ONLY_FOR_TESTS.includes(used)) return inTests;
  if (ONLY_FOR_TESTS.includes(user)) return floorOf(used) <= 1;
  if (ALSO[user]?.includes(used)) return true;
  if (inTests && (FOR_TESTS.includes(used) || used === user)) return true;
  if (LEAVES.includes(user) || LEAVES.includes(used)) return false;
  return floorOf(used) < floorOf(user);
}

const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { maxBuffer: 2 ** 28 }),
);
const short = (name) => name.replace(/^allin-/, '');
const problems = [];
let uses = 0;
for (const { name, dependencies } of metadata.packages) {
  const crate = short(name);
  if (!isKnown(crate)) {
    problems.push(`${crate} has no floor. Give it one in scripts/walls.mjs and in ARCHITECTURE.md.`);
    continue;
  }
  for (const dependency of dependencies) {
    const used = short(dependency.name);
    if (crate === 'kernel' && dependency.kind !== 'dev' && NOT_IN_KERNEL.includes(used)) {
      problems.push(`kernel uses ${used}, but the kernel does no I/O.`);
    }
    // Crates of ours are those that lie in the workspace.
    if (!dependency.path || !isKnown(used)) continue;
    uses += 1;
    if (!mayUse(crate, used, dependency.kind === 'dev')) {
      problems.push(`${crate} must not use ${used}: a crate may use only crates of lower floors.`);
    }
  }
}

if (problems.length > 0) {
  console.error(problems.map((problem) => `error: ${problem}`).join('\n'));
  process.exit(1);
}
console.log(`walls: ${metadata.packages.length} crates, ${uses} uses between them, all of lower floors.`);
