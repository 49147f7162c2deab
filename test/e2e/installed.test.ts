import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScratchDirectory } from '../support/databases.ts';
import { type FleetServer, type Result, runFleet, startFleet } from '../support/servers.ts';
import { DOCUMENT_PAYLOADS, post, waitFor } from './support.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
/** What a checkout does not have, besides what only the developer's does. */
const BUILT = ['node_modules', 'dist', 'oclif.manifest.json', '.git', 'coverage'];
const QUIET = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
const INSTALL_TIMEOUT_MS = 180_000;
// Without a network the packages may not be in npm's cache, which says nothing about ours.
const NO_NETWORK = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/;

let scratch: string;

// npm keeps the developer's settings and cache, but not what the `npm test` around it exports.
function npm(args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_)|^npm_config_(local_|global_)?prefix$|^NODE_ENV$/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), PATH };
  return spawnSync('npm', args, { cwd, env, encoding: 'utf8' });
}

/** Copies the sources of the project, as a fresh clone has them. */
async function checkOut(name: string): Promise<string> {
  const directory = join(scratch, name);
  const isSource = (path: string) => !BUILT.includes(relative(ROOT, path));
  await cp(ROOT, directory, { recursive: true, filter: isSource });
  return directory;
}

beforeAll(async () => {
  scratch = await createScratchDirectory();
});

describe('the package', () => {
  let checkout: string;
  let tarball: string;
  let files: string[];
  let prefix: string;
  let env: Record<string, string>;
  let server: FleetServer | undefined;
  let token: string;

  const fleet = (...args: string[]): Promise<Result> =>
    runFleet(args, { env, program: join(prefix, 'bin/fleet') });
  const json = async (...args: string[]) => JSON.parse((await fleet(...args, '--json')).stdout);

  beforeAll(async () => {
    checkout = await checkOut('checkout');
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    const { status, stdout, stderr } = npm(
      ['pack', '--json', '--pack-destination', scratch],
      checkout,
    );
    if (status !== 0) throw new Error(stderr);
    const [packed] = JSON.parse(stdout);
    files = packed.files.map(({ path }: { path: string }) => path);
    tarball = join(scratch, packed.filename);
    prefix = join(scratch, 'prefix');
    const home = join(scratch, 'home');
    env = {
      PATH,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_DATA_HOME: join(home, 'data'),
    };
    await mkdir(home);
  }, INSTALL_TIMEOUT_MS);

  afterAll(() => server?.stop());

  it('is packed from a clean checkout with what it needs, and nothing more', () => {
    const bundled = globSync('dist/**/*.js', { cwd: ROOT });
    const others = ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/run.js', 'oclif.manifest.json'];
    const scripts = ['bash', 'fish', 'zsh'].map((shell) => `completions/fleet.${shell}`);
    expect([...files].sort()).toEqual([...bundled, ...others, ...scripts, 'package.json'].sort());
  });

  it('prints its name alone with --silent, and fails where it cannot be built', async () => {
    const { status, stdout, stderr } = npm(['pack', '--silent', '--dry-run'], checkout);
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 0, stdout: `${basename(tarball)}\n`, stderr: '' },
    });
    expect(npm(['pack', '--dry-run'], await checkOut('bare')).status).not.toBe(0);
  });

  it(
    'can be installed into an empty prefix',
    async ({ skip }) => {
      const args = ['install', '--global', '--prefix', prefix, ...QUIET, tarball];
      const { status, stderr } = npm(args, scratch);
      skip(status !== 0 && NO_NETWORK.test(stderr), 'there is no network');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(await readdir(join(prefix, 'bin'))).toEqual(['fleet']);
    },
    INSTALL_TIMEOUT_MS,
  );

  describe('once installed', () => {
    beforeEach(({ skip }) => skip(!existsSync(join(prefix, 'bin/fleet')), 'it is not installed'));

    it('says which version it is, and completes itself', async () => {
      const { code, stdout, stderr } = await fleet('--version');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^fleetmanager\/\d+\.\d+\.\d+ \S+ node-v\d+/);
      expect((await fleet('completion', 'bash')).stdout).toContain('complete -F _fleet fleet');
    });

    it('creates a customer and a token in the database of its user', async () => {
      const created = await fleet('customer', 'create', 'my-company');
      expect(created).toMatchObject({ code: 0 });
      expect(created.stderr).toContain(join(env.XDG_DATA_HOME ?? '', 'fleet/fleet.db'));
      const { code, stdout } = await fleet('token', 'create', 'my-company');
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^fm_\S+\n$/) });
      token = stdout.trim();
    });

    it('takes the posts of a device, and shows the machine', async () => {
      server = await startFleet({ env, program: join(prefix, 'bin/fleet') });
      const path = `${server.url}/api/ingest/my-company/server-01/my-app`;
      for (const [endpoint, body] of Object.entries(DOCUMENT_PAYLOADS)) {
        expect(await post(`${path}/${endpoint}`, { token, body })).toMatchObject({
          ...{ status: 200, body: { ok: true, accepted: 1 } },
        });
      }
      const { items } = await json('machine', 'list');
      expect(items).toMatchObject([{ customer: 'my-company', machine: 'server-01' }]);
    });

    it('logs what it refuses', async () => {
      await post(`${server?.url}/api/ingest/my-company/server-01/my-app/heartbeat`);
      const { items } = await waitFor(
        () => json('rejections', 'list'),
        (list) => list.items.length > 0,
      );
      expect(items).toMatchObject([{ reason: 'token_missing', http_status: 401 }]);
    });

    it('ends on SIGTERM, in order', async () => {
      expect(await server?.stop()).toEqual({ code: 0, signal: null });
      expect(server?.stderr()).toContain('"msg":"stopped"');
    });
  });
});

describe('a deployment from a checkout', () => {
  it(
    'installs without the dev dependencies, keeps what was built, and runs',
    async ({ skip }) => {
      const checkout = await checkOut('deployment');
      const { status, stderr } = npm(['ci', '--omit=dev', ...QUIET], checkout);
      skip(status !== 0 && NO_NETWORK.test(stderr), 'there is no network');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(existsSync(join(checkout, 'node_modules/typescript'))).toBe(false);
      const env = { PATH, HOME: checkout };
      const run = () => runFleet(['--version'], { env, program: join(checkout, 'bin/run.js') });
      expect(await run()).toMatchObject({
        code: 78,
        stderr: expect.stringMatching(/not built yet/),
      });
      for (const built of ['dist', 'oclif.manifest.json'])
        await cp(join(ROOT, built), join(checkout, built), { recursive: true });
      expect(npm(['prune', '--omit=dev', ...QUIET], checkout).status).toBe(0);
      expect(await run()).toMatchObject({ code: 0, stderr: '' });
    },
    INSTALL_TIMEOUT_MS,
  );
});
