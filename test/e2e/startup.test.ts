import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createScratchDirectory } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';

/** Prints what was loaded, whether imported or required, when the program ends. */
const LIST_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const urls = [];
  registerHooks({ load(url, context, next) {
    urls.push(url);
    return next(url, context);
  } });
  process.on('exit', () => process.stderr.write(JSON.stringify(urls)));
`)}`;

// Before each module the bundle says where it comes from: `// node_modules/kysely/dist/kysely.js`.
const ORIGIN = /^\/\/ (?:node_modules\/((?:@[^/]+\/)?[^/\n]+)\/.*|src\/(.+)\.tsx?)$/gm;
/** What takes milliseconds to load, and what only a few commands are for. */
const HEAVY_BUILTINS = ['node:crypto', 'node:http', 'node:tls', 'node:zlib', 'node:worker_threads'];
const HEAVY_PACKAGES = ['hono', '@hono/node-server', 'ink', 'pg', 'pino', 'react', 'yaml', 'zod'];

/** Modules of ours that a reading command on SQLite has no use for. */
const OTHERS =
  /^(server|ingest|protocol|cli\/(completion|schemas|serve)|db\/(connection\/postgres|copy|forget))\b/;

interface Loaded {
  stdout: string;
  builtins: string[];
  packages: string[];
  /** Of our own, by their paths in src without the ending. */
  modules: string[];
}

let env: Record<string, string>;

async function load(...args: string[]): Promise<Loaded> {
  const watched = { ...env, NODE_OPTIONS: `--import ${LIST_LOADED}` };
  const { stdout, stderr } = await runFleet(args, { env: watched });
  // Before it stands what the command has to say.
  const urls: string[] = JSON.parse(stderr.split('\n').at(-1) ?? '');
  const files = urls.filter((url) => url.startsWith('file:'));
  const origins = (await Promise.all(files.map(readOrigins))).flat();
  return {
    stdout,
    builtins: urls.filter((url) => url.startsWith('node:')),
    packages: [...new Set(origins.flatMap(([name]) => name ?? []))],
    modules: origins.flatMap(([, module]) => module ?? []),
  };
}

type Origin = [packageName: string | undefined, module: string | undefined];

async function readOrigins(url: string): Promise<Origin[]> {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return [[name, undefined]];
  const text = await readFile(fileURLToPath(url), 'utf8');
  return [...text.matchAll(ORIGIN)].map(([, packageName, module]) => [packageName, module]);
}

const intersect = (some: string[], others: string[]) => some.filter((one) => others.includes(one));

describe('a start', () => {
  beforeAll(async () => {
    env = { FLEET_DATABASE: join(await createScratchDirectory(), 'fleet.db') };
    await runFleet(['customer', 'create', 'my-company'], { env });
  });

  it('loads for a list what it needs and no more', async () => {
    const { stdout, builtins, packages, modules } = await load('customer', 'list', '--json');
    expect(JSON.parse(stdout).items).toHaveLength(1);
    expect(packages).toEqual(expect.arrayContaining(['@oclif/core', 'kysely', 'better-sqlite3']));
    expect(intersect(packages, HEAVY_PACKAGES)).toEqual([]);
    expect(intersect(builtins, HEAVY_BUILTINS)).toEqual([]);
    expect(modules).toContain('commands/customer/list');
    expect(modules.filter((module) => OTHERS.test(module))).toEqual([]);
    expect(modules.filter((module) => module.startsWith('commands/'))).toHaveLength(1);
  });

  it.each(['health', 'machine list', 'software list'])(
    'loads for "fleet %s" no more either',
    async (line) => {
      const { builtins, packages, modules } = await load(...line.split(' '), '--json');
      expect(modules).toContain('db/health/states');
      expect(intersect(packages, HEAVY_PACKAGES)).toEqual([]);
      expect(intersect(builtins, HEAVY_BUILTINS)).toEqual([]);
      expect(modules.filter((module) => OTHERS.test(module))).toEqual([]);
    },
  );

  it('loads for the version nothing but oclif', async () => {
    const { stdout, packages, modules } = await load('--version');
    expect(stdout).toMatch(/^fleetmanager\//);
    expect(packages).toContain('@oclif/core');
    expect(intersect(packages, [...HEAVY_PACKAGES, 'kysely', 'better-sqlite3'])).toEqual([]);
    expect(modules).toEqual([]);
  });

  it('loads for the help no command and no database', async () => {
    const { stdout, builtins, packages, modules } = await load('--help');
    expect(stdout).toContain('USAGE');
    expect(intersect(packages, [...HEAVY_PACKAGES, 'kysely', 'better-sqlite3'])).toEqual([]);
    expect(intersect(builtins, HEAVY_BUILTINS)).toEqual([]);
    expect(modules.filter((module) => module.startsWith('commands/'))).toEqual([]);
  });

  it('loads for the demo neither server nor dashboard before it knows that there will be one', async () => {
    const { stdout, packages, modules } = await load('demo', '--machines', '1', '--json');
    expect(JSON.parse(stdout).error.code).toBe('usage');
    expect(modules).toContain('commands/demo');
    expect(intersect(packages, HEAVY_PACKAGES)).toEqual([]);
    expect(modules.filter((module) => /^(server|ingest|dashboard)\b/.test(module))).toEqual([]);
  });
});
