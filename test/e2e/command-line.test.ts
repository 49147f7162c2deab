import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScratchDirectory } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const MANIFEST = fileURLToPath(new URL('../../oclif.manifest.json', import.meta.url));
const NOBODY = 65_534;

describe('the command line of the built program', () => {
  let directory: string;
  let database: string;

  beforeAll(async () => {
    directory = await createScratchDirectory();
    database = join(directory, 'fleet.db');
    await fleet('customer', 'create', 'my-company');
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  const fleet = (...args: string[]) => runFleet(args, { env: { FLEET_DATABASE: database } });

  it('gives its files to their owner alone', async () => {
    expect((await stat(database)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(database))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['custmer list', 'did you mean "fleet customer list"?', 'fleet customer list --help'],
    [
      'customer craete acme',
      'did you mean "fleet customer create"?',
      'fleet customer create --help',
    ],
    ['custmer list --help', 'did you mean "fleet customer list"?', 'fleet customer list --help'],
    ['help bogus', 'There is no command "bogus".', 'fleet --help'],
    ['customer list --tre', 'did you mean --tree?', 'fleet customer list --help'],
    ['customer create', '<slug> is missing.', 'fleet customer create --help'],
    ['customer show my-company other', 'Unexpected argument: other.', 'fleet customer show --help'],
    ['customer list --limit', 'expects a value', 'fleet customer list --help'],
  ])('answers "fleet %s" with one sentence and what to try', async (line, sentence, hint) => {
    const { code, stdout, stderr } = await fleet(...line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^.+\nTry: .+\n$/);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(`Try: ${hint}\n`);
  });

  it.each(['bogus', 'customer list --bogus', 'customer show', 'customer show nobody'])(
    'answers "fleet %s --json" with an error object and nothing else',
    async (line) => {
      const { code, stdout, stderr } = await fleet(...line.split(' '), '--json');
      const { error } = JSON.parse(stdout);
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint', 'exit']);
      expect({ exit: code, stderr }).toEqual({ exit: error.exit, stderr: '' });
      expect(stdout.length).toBeLessThan(400);
    },
  );

  it('shows a stack only with --debug', async () => {
    const { stderr } = await fleet('customer', 'show', 'nobody', '--debug');
    expect(stderr).toMatch(/\n {4}at .*customers/);
    expect((await fleet('customer', 'show', 'nobody')).stderr).not.toContain(' at ');
  });

  it('shows help with examples before flags, and help of a topic', async () => {
    const { code, stdout } = await fleet('customer', 'create', '-h');
    expect(code).toBe(0);
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('FLAGS'));
    expect(stdout).toContain('$ fleet customer create my-company --name "My Company"');
    expect((await fleet('help', 'customer', 'create')).stdout).toBe(stdout);
    expect(await fleet('customer')).toMatchObject({ code: 0, stderr: '' });
  });

  it('has a summary and examples for every command', async () => {
    const manifest = JSON.parse(await readFile(MANIFEST, 'utf8'));
    const commands = Object.values<{ id: string; summary?: string; examples?: string[] }>(
      manifest.commands,
    );
    const bare = commands.filter(({ summary, examples }) => !summary || !examples?.length);
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('ends silently and with 0 when the reader of a list has gone', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'customer', 'list'], {
      stdio: 'pipe',
      env: { ...process.env, FLEET_DATABASE: database },
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('leaves stdin to the loop around it', async () => {
    const env = { FLEET_DATABASE: database };
    const { code, stdout } = await runFleet(['token', 'list'], { env, input: 'nobody\n' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  it.each([
    'postgres://fleet:hunter2@localhost/fleet',
    'postgres://localhost/fleet?password=hunter2',
    'postgres://fleet:hun/hunter2@localhost/fleet',
  ])('refuses a password on the command line and does not repeat it: %s', async (url) => {
    for (const flags of [[], ['--json'], ['--debug']]) {
      const { code, stdout, stderr } = await fleet('customer', 'list', '--database', url, ...flags);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('FLEET_DATABASE');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  it('names a database server that does not answer, without the password', async () => {
    const env = { FLEET_DATABASE: 'postgres://fleet:hunter2@127.0.0.1:1/fleet' };
    const { code, stderr } = await runFleet(['customer', 'list', '--debug'], { env });
    expect(code).toBe(69);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('hunter2');
  });

  it.each([
    ['a file that is no database', 'no database', 74],
    ['an empty file, which holds none yet', '', 78],
  ])('refuses to read %s', async (_, content, code) => {
    const file = join(directory, `other-${code}.db`);
    await writeFile(file, content.repeat(500));
    const result = await runFleet(['customer', 'list'], { env: { FLEET_DATABASE: file } });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(/^.+\nTry: .+\n$/);
  });

  it.runIf(existsSync('/dev/full'))('says that its output could not be written', async () => {
    const command = `"${process.execPath}" "${PROGRAM}" help exit-codes > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(status).toBe(74);
    expect(stderr).toMatch(/^The output could not be written: .+\n$/);
  });

  it('repeats in a hint where the database is, as far as the command line said it', async () => {
    const file = join(directory, 'a fleet.db');
    await runFleet(['customer', 'create', 'my-company', '--database', file]);
    const words = ['customer', 'show', 'my-compny'];
    const { stderr } = await runFleet([...words, '--database', file]);
    expect(stderr).toContain(`Try: fleet customer list --database '${file}'\n`);
    const elsewhere = await runFleet(words, { env: { FLEET_DATABASE: file } });
    expect(elsewhere.stderr).toContain('Try: fleet customer list\n');
  });

  it('names a directory that was given as a configuration file', async () => {
    const { code, stderr } = await runFleet(['config', 'show', '--config', directory]);
    expect({ code, stderr }).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/directory/),
    });
  });

  it('takes a further word for what it is', async () => {
    const { code, stderr } = await runFleet(['migrate', 'extra']);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: 'Unexpected argument: extra.\nTry: fleet migrate --help\n',
    });
  });

  it('refuses a path that leads through a file', async () => {
    const env = { FLEET_DATABASE: join(database, 'fleet.db') };
    const { code, stderr } = await runFleet(['customer', 'create', 'acme'], { env });
    expect(code).toBe(78);
    expect(stderr).not.toContain(' at ');
  });

  it.runIf(process.getuid?.() === 0)("refuses another user's database, even to root", async () => {
    const file = join(directory, 'theirs.db');
    const env = { FLEET_DATABASE: file };
    await runFleet(['customer', 'create', 'acme'], { env });
    await chown(file, NOBODY, NOBODY);
    const { code, stderr } = await runFleet(['customer', 'list'], { env });
    expect(code).toBe(4);
    expect(stderr).toMatch(/belongs to \S+, not to you\.\nTry: sudo -u \S+ fleet/);
  });
});
