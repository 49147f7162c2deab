// Bundles src and the packages it uses into dist: reading a few files is most of what a start
// costs, and reading the hundreds of the packages would be several times that.
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What is loaded by its path in dist, besides the commands: by bin/run.js, oclif and a thread. */
export const ENTRIES = {
  program: 'src/cli/program.ts',
  help: 'src/cli/help.ts',
  'command-not-found': 'src/cli/command-not-found.ts',
  'writer-thread': 'src/ingest/writer-thread.ts',
};

// Native code cannot be bundled; pg-native is optional and never installed.
const EXTERNAL = ['better-sqlite3', 'pg-native'];

// Packages that oclif imports in every start and fleet has no use for: traces for its developers,
// searching for commands without a manifest, and telling WSL from Linux.
/** @type {Readonly<Record<string, string>>} */
const STUBS = {
  debug: 'export default () => () => undefined;',
  minimatch: 'export {};',
  tinyglobby: 'export {};',
  'wsl-utils': 'export const isWsl = false;',
};

// What nearly every command loads is in three files. Left to itself, rolldown makes one of each set
// of modules that the same entries share, which are some 30 for a list. The shares are high enough
// to keep out what brings node:crypto along.
const GROUPS = [
  { name: 'packages', test: /node_modules/, minShareCount: 24 },
  { name: 'base', test: /src[\\/](cli|domain)/, minShareCount: 20 },
  { name: 'database', test: /node_modules[\\/]kysely|src[\\/]db[\\/]open/ },
];

function findCommands() {
  const files = fs.globSync('src/commands/**/*.{ts,tsx}', { cwd: ROOT }).sort();
  return Object.fromEntries(files.map((file) => [file.replace(/^src\/|\.tsx?$/g, ''), file]));
}

/** @type {import('rolldown').Plugin} */
const stubs = {
  name: 'stubs',
  resolveId: (id) => (id in STUBS ? `\0stub:${id}` : null),
  load: (id) => (id.startsWith('\0stub:') ? STUBS[id.slice('\0stub:'.length)] : null),
};

// oclif sorts the ids of commands by the user's language, for which Node loads ICU: 6 ms of every
// start. They are ASCII.
const SLOW_SORT = '.sort((a, b) => a.id.localeCompare(b.id))';

/** @type {import('rolldown').Plugin} */
const quickSort = {
  name: 'quick-sort',
  transform: {
    filter: { id: /@oclif\/core\/lib\/config\/plugin\.js$/ },
    handler(code) {
      if (!code.includes(SLOW_SORT)) throw new Error('oclif sorts its commands in another way now');
      return code.replace(SLOW_SORT, '.sort((a, b) => (a.id < b.id ? -1 : 1))');
    },
  },
};

/**
 * Writes dist anew; where something is wrong it throws and leaves dist as it was. Everything that is
 * not an entry lies flat beside the entries, so that `./writer-thread.js` is found from any of it.
 */
export async function bundle() {
  const build = await rolldown({
    cwd: ROOT,
    input: { ...ENTRIES, ...findCommands() },
    platform: 'node',
    external: EXTERNAL,
    plugins: [stubs, quickSort],
    logLevel: 'silent',
  });
  try {
    await build.write({
      dir: join(ROOT, 'dist'),
      cleanDir: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      // Otherwise a class whose name another one has, too, would say another name at run time.
      keepNames: true,
      codeSplitting: { groups: GROUPS },
    });
  } finally {
    await build.close();
  }
}
