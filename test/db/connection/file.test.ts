import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import CustomerCreate from '../../../src/commands/customer/create.ts';
import CustomerList from '../../../src/commands/customer/list.ts';
import Migrate from '../../../src/commands/migrate.ts';
import { createScratchDirectory } from '../../support/databases.ts';
import { runCommand } from '../../support/run-command.ts';

const EVERY_ACCESS = [
  ['reading', CustomerList, []],
  ['writing', CustomerCreate, ['acme']],
  ['migrating', Migrate, []],
] as const;

describe('the file of a database', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await createScratchDirectory();
  });

  const run = (
    command: Parameters<typeof runCommand>[0],
    argv: readonly string[],
    database: string,
  ) => runCommand(command, [...argv], { database });

  it.each(EVERY_ACCESS)('of another program is left alone when %s', async (_how, command, argv) => {
    const file = join(directory, 'app.db');
    const other = new SQLite(file);
    other.exec('create table users (id integer)');
    const { exit, stderr } = await run(command, argv, file);
    expect({ exit, stderr }).toMatchObject({
      exit: 78,
      stderr: expect.stringMatching(/tables of another program/),
    });
    const tables = other.prepare("select name from sqlite_schema where type = 'table'").all();
    expect(tables).toEqual([{ name: 'users' }]);
    other.close();
  });

  it.each(EVERY_ACCESS)(
    'that is a directory is named as one when %s',
    async (_how, command, argv) => {
      const { exit, stderr } = await run(command, argv, directory);
      expect({ exit, stderr }).toMatchObject({
        exit: 78,
        stderr: expect.stringMatching(/is a directory/),
      });
    },
  );

  it.each(EVERY_ACCESS)(
    'that is no database is an input error when %s',
    async (_how, command, argv) => {
      const file = join(directory, 'text.txt');
      writeFileSync(file, 'a text '.repeat(500));
      const { exit, stderr } = await run(command, argv, file);
      expect({ exit, stderr }).toMatchObject({
        exit: 74,
        stderr: expect.stringMatching(/no intact fleet database/),
      });
    },
  );

  it('below a file can not be', async () => {
    writeFileSync(join(directory, 'file'), '');
    const { exit, stderr } = await run(CustomerList, [], join(directory, 'file', 'fleet.db'));
    expect({ exit, stderr }).toMatchObject({
      exit: 78,
      stderr: expect.stringMatching(/no directory/),
    });
  });

  it('that somebody made beforehand becomes as private as one of ours', async () => {
    const file = join(directory, 'fleet.db');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    expect((await run(CustomerCreate, ['acme'], file)).exit).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  // Root may look into every directory.
  it.runIf(process.getuid?.() !== 0)('in a closed directory is named with its owner', async () => {
    const closed = join(directory, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0);
    const { exit, stderr } = await run(CustomerList, [], join(closed, 'fleet.db'));
    expect({ exit, stderr }).toMatchObject({
      exit: 4,
      stderr: expect.stringMatching(/belongs to .*\nTry: sudo -u/),
    });
    chmodSync(closed, 0o700);
  });
});
