// Bundles src and the packages it uses: reading a few files is most of what a start
// costs, and reading the hundreds of the packages would be several times that.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What is loaded by its path in dist, besides the commands: by bin/run.js, oclif and a thread. */
export const ENTRIES = {
  program: 'src/cli/program.ts',
  help: 'src/cli/help.ts',
  'command-not-found': 'src/cli/command-not-found.ts',
  'writer-thread': 'src/ingest/writer/writer-thread.ts',
  'data-thread': 'src/dashboard/data/data-thread.ts',
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
// to keep out what brings node:crypto along. Kysely is in the third however many commands share it,
// because a help page has no use for it.
const GROUPS = [
  { name: 'packages', test: /node_modules[\\/](?!kysely)/, minShareCount: 24 },
  { name: 'base', test: /src[\\/]cli/, minShareCount: 20 },
  { name: 'domain', test: /src[\\/]domain/, minShareCount: 20 },
  { name: 'database', test: /node_modules[\\/]kysely|src[\\/]db[\\/]connection[\\/]open/ },
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

// Lines of oclif that cost every start milliseconds, and what does the same for fleet.
const QUICKER = {
  // By the user's language, for which Node loads ICU; ids are ASCII.
  'config/plugin.js': {
    slow: '.sort((a, b) => a.id.localeCompare(b.id))',
    quick: '.sort((a, b) => (a.id < b.id ? -1 : 1))',
  },
  // Every text of a help page is compiled as a template, and few are one.
  'help/util.js': {
    slow: 'return ejs_1.default.render(t, context);',
    quick: "return t.includes('<%') ? ejs_1.default.render(t, context) : t;",
  },
};

/** @returns {import('rolldown').Plugin} */
function replaceSlowLines() {
  const missing = new Set(Object.keys(QUICKER));
  return {
    name: 'quicker',
    transform(code, id) {
      const found = Object.entries(QUICKER).find(([file]) =>
        id.endsWith(`/@oclif/core/lib/${file}`),
      );
      if (!found) return null;
      const [file, { slow, quick }] = found;
      if (!code.includes(slow)) throw new Error(`oclif's ${file} has changed: look at ${slow}`);
      missing.delete(file);
      return code.replace(slow, quick);
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      throw new Error(`oclif has moved ${[...missing].join(', ')}: look at QUICKER in bundle.js`);
    },
  };
}

/**
 * Writes the bundle to a directory, which it empties first. Everything that is not an entry lies flat
 * beside the entries, so that `./writer-thread.js` is found from any of it.
 *
 * @param {string} dir
 */
export async function bundle(dir) {
  const build = await rolldown({
    cwd: ROOT,
    input: { ...ENTRIES, ...findCommands() },
    platform: 'node',
    external: EXTERNAL,
    plugins: [stubs, replaceSlowLines()],
    // Otherwise React comes twice, and half of it is for its developers.
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    logLevel: 'silent',
  });
  try {
    await build.write({
      dir,
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
