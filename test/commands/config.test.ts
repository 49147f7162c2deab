import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listConfigPaths } from '../../src/cli/config-file.ts';
import { configShownSchema } from '../../src/cli/schemas/config.ts';
import { exitCodesSchema } from '../../src/cli/schemas/exit-codes.ts';
import ConfigShow from '../../src/commands/config/show.ts';
import HelpExitCodes from '../../src/commands/help/exit-codes.ts';
import { ERRORS, EXIT_CODES } from '../../src/domain/errors.ts';
import { createScratchDirectory } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

async function showDatabase(argv: string[], variable: string) {
  const { stdout } = await runCommand(ConfigShow, [...argv, '--json'], { database: variable });
  const { items } = configShownSchema.parse(JSON.parse(stdout));
  return items.find(({ key }) => key === 'database');
}

async function writeConfig(text: string): Promise<string> {
  const file = join(await createScratchDirectory(), 'config.yaml');
  await writeFile(file, text);
  return file;
}

describe('fleet config show', () => {
  it('names the strongest source of a setting', async () => {
    const file = await writeConfig('database: /from/file.db\n');
    const argv = ['--config', file];
    expect(await showDatabase([...argv, '--database', '/from/flag.db'], '/from/env.db')).toEqual({
      ...{ key: 'database', value: '/from/flag.db', origin: '--database' },
    });
    expect(await showDatabase(argv, '/from/env.db')).toEqual({
      ...{ key: 'database', value: '/from/env.db', origin: 'FLEET_DATABASE' },
    });
    expect(await showDatabase(argv, '')).toEqual({
      ...{ key: 'database', value: '/from/file.db', origin: file },
    });
    expect(await showDatabase(['--config', '/dev/null'], '')).toMatchObject({
      ...{ value: expect.stringMatching(/fleet\/fleet\.db$/), origin: 'default' },
    });
  });

  it('counts a path in a file from the directory of the file, and ~ from home', async () => {
    const file = await writeConfig('database: data/fleet.db\n');
    const database = await showDatabase(['--config', file], '');
    expect(database).toMatchObject({ value: join(dirname(file), 'data/fleet.db') });
    const home = await writeConfig('database: ~/fleet.db\n');
    const inHome = await showDatabase(['--config', home], '');
    expect(inHome).toMatchObject({ value: join(homedir(), 'fleet.db') });
  });

  it("looks for the user's file before that of the machine, and for no other where one is named", () => {
    const env = { XDG_CONFIG_HOME: '/home/anna/.config' };
    const system = '/etc/fleet/config.yaml';
    expect(listConfigPaths(undefined, env)).toEqual([
      '/home/anna/.config/fleet/config.yaml',
      system,
    ]);
    expect(listConfigPaths('/srv/fleet.yaml', env)).toEqual(['/srv/fleet.yaml']);
  });

  it.each([
    'postgres://fleet:s3cret@db/fleet',
    'postgres://fleet:s3cr@s3cret@db/fleet',
    'postgres://db/fleet?user=fleet&password=s3cret',
    'postgres://db/fleet?sslpassword=s3cret',
    'postgres://fleet:s3cret/x@db:y/fleet',
    'mysql://fleet:s3cret@db/fleet',
  ])('leaves the password out of %s', async (location) => {
    for (const json of [[], ['--json']]) {
      const { stdout, stderr, exit } = await runCommand(ConfigShow, json, { database: location });
      expect(exit).toBe(0);
      expect(stdout).toMatch(/(postgres|mysql):\/\//);
      expect(stdout + stderr).not.toContain('s3cr');
    }
  });

  it('refuses a file with a key that no flag has, and names the one that was meant', async () => {
    const file = await writeConfig('databse: /x.db\n');
    const { stderr, exit } = await runCommand(ConfigShow, ['--config', file], { database: '' });
    expect(exit).toBe(78);
    expect(stderr).toContain('did you mean "database"?');
  });
});

describe('fleet help exit-codes', () => {
  it('lists every exit code with the codes of its errors', async () => {
    const { stdout } = await runCommand(HelpExitCodes, ['--json'], { database: '' });
    const { items } = exitCodesSchema.parse(JSON.parse(stdout));
    expect(items.map(({ exit }) => exit)).toEqual(Object.keys(EXIT_CODES).map(Number));
    expect(items.flatMap(({ codes }) => codes).sort()).toEqual(Object.keys(ERRORS).sort());
    const people = await runCommand(HelpExitCodes, [], { database: '' });
    expect(people.stdout).toMatch(/^ +3 +not found +not_found$/m);
  });
});
