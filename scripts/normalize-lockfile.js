// Restores in package-lock.json what npm drops whenever it rewrites the file; `--check` only says
// whether that is necessary.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ resolved?: string, link?: boolean, gypfile?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lockfile */

/**
 * Returns the lockfile's text without download addresses (they name one machine's registry) and
 * with `gypfile: false` on better-sqlite3 (it ships its binaries; without the mark npm 10 and 11
 * find a binding.gyp and start a compiler that a bare machine does not have).
 * @param {string} text
 */
export function normalizeLockfile(text) {
  /** @type {Lockfile} */
  const lockfile = JSON.parse(text);
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    // The `resolved` of a workspace link is a path of ours, and npm needs it.
    if (!entry.link) delete entry.resolved;
    if (path.endsWith('node_modules/better-sqlite3')) entry.gypfile = false;
  }
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}

/**
 * Returns what is wrong with the lockfile's text, one sentence each; empty if it is normalized.
 * @param {string} text
 */
export function findLockfileProblems(text) {
  const addresses = text.match(/https?:\/\/[^"/]*registry[^"/]*/g) ?? [];
  return [
    ...new Set(addresses.map((address) => `package-lock.json names the registry ${address}`)),
    ...(text === normalizeLockfile(text) ? [] : ['package-lock.json is not normalized']),
  ];
}

function main() {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const text = readFileSync(path, 'utf8');
  if (!process.argv.includes('--check')) return writeFileSync(path, normalizeLockfile(text));
  const problems = findLockfileProblems(text);
  if (problems.length === 0) return;
  console.error(`${problems.join('\n')}\nTry: npm run lockfile`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
