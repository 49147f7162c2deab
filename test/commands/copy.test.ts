import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSide, withSides } from '../../src/cli/copy/sides.ts';
import { copiedSchema } from '../../src/cli/schemas/copy.ts';
import Copy from '../../src/commands/copy.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerList from '../../src/commands/customer/list.ts';
import Migrate from '../../src/commands/migrate.ts';
import Serve from '../../src/commands/serve.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { copyInstallation } from '../../src/db/copy/copy.ts';
import { registerNode } from '../../src/db/nodes.ts';
import { FleetError } from '../../src/domain/errors.ts';
import { createScratchDirectory } from '../support/databases.ts';
import { addCustomer } from '../support/fleet-data.ts';
import { runCommand } from '../support/run-command.ts';

describe('fleet copy', () => {
  let from: string;
  let to: string;

  beforeEach(async () => {
    const directory = await createScratchDirectory();
    from = join(directory, 'from.db');
    to = join(directory, 'to.db');
    const db = await openAndMigrateDatabase(parseLocation(from));
    await addCustomer(db, 'acme');
    await db.destroy();
  });

  const run = (...argv: string[]) => runCommand(Copy, argv, { database: from });
  const on = (database: string, command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database });

  it('copies the database of the other commands unless --from names one', async () => {
    const { stdout, stderr, exit } = await run('--to', to);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^TABLE +ROWS +DIGEST\ncustomer +1 +[0-9a-f]{64}\n/);
    expect(stderr).toBe(
      `Created the database ${to}.\nCopied 1 row from ${from} to ${to}; both were read and are alike.\nNext: fleet serve --database ${to}\n`,
    );
    const third = `${to}.2`;
    const again = await run('--from', to, '--to', third, '--json');
    const copied = copiedSchema.parse(JSON.parse(again.stdout));
    expect(copied).toMatchObject({ from: to, to: third, resumed: false, rows: 2 });
    expect((await on(third, CustomerList)).stdout).toContain('acme');
  });

  it('says which flag has a password on the command line, and creates nothing', async () => {
    for (const argv of [
      ['--from', 'postgres://fleet:secret@db/fleet', '--to', to],
      ['--from', from, '--to', 'postgres://fleet@db/fleet?password=secret'],
    ]) {
      const { stdout, stderr, exit } = await run(...argv);
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
      expect(stderr).toMatch(/^--(from|to) must be .* without a password.*\nTry: .*pgpass/);
      expect(stderr).not.toContain('secret');
    }
    expect(existsSync(to)).toBe(false);
  });

  it('takes the source from one flag only', async () => {
    const { stderr, exit } = await run('--from', from, '--database', from, '--to', to);
    expect({ stderr, exit }).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('not both'),
    });
  });

  it('names the database that is away', async () => {
    const { stderr, exit } = await run('--to', 'postgres://fleet@127.0.0.1:1/fleet');
    expect(exit).toBe(69);
    expect(stderr).toContain('postgres://fleet@127.0.0.1:1/fleet');
  });

  it('finds no source, and creates none', async () => {
    const missing = `${from}.missing`;
    const { stderr, exit } = await run('--from', missing, '--to', to);
    expect({ stderr, exit }).toEqual({
      exit: 78,
      stderr: `There is no fleet database at ${missing} yet.\nTry: give --from, or set FLEET_DATABASE\n`,
    });
    expect([missing, to].filter((file) => existsSync(file))).toEqual([]);
  });

  it('names the database of an older schema in the command that upgrades it', async () => {
    const older = new FleetError('schema_old', 'It has an older schema.');
    const opening = openSide(parseLocation('/srv/my fleet.db'), '--to', () =>
      Promise.reject(older),
    );
    const hint = "fleet migrate --database '/srv/my fleet.db'";
    await expect(opening).rejects.toMatchObject({ code: 'schema_old', hint });
  });

  it('names the flag that gave a database of another program', async () => {
    const foreign = join(dirname(from), 'foreign.db');
    const db = new SQLite(foreign);
    db.exec('create table other (id)');
    db.close();
    const into = await run('--to', foreign);
    expect(into.exit).toBe(78);
    expect(into.stderr).toMatch(/another program\.\nTry: check --to, and give/);
    const outOf = await run('--from', foreign, '--to', to);
    expect(outOf.exit).toBe(78);
    expect(outOf.stderr).toMatch(
      /another program\.\nTry: check --from and FLEET_DATABASE, and give/,
    );
  });

  it('creates nothing while a server is at work on the source', async () => {
    const db = await openAndMigrateDatabase(parseLocation(from));
    await db
      .transaction()
      .execute((trx) =>
        registerNode(trx, { node: 'x', nowMs: Date.now(), overdueAfterMs: 300_000 }),
      );
    await db.destroy();
    const { stderr, exit } = await run('--to', to);
    expect(exit).toBe(75);
    expect(stderr).toMatch(/^A server .* is at work/);
    expect(existsSync(to)).toBe(false);
  });

  it('has filled the target, which it does not do twice', async () => {
    await run('--to', to);
    const { stdout, stderr, exit } = await run('--to', to);
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 5 });
    expect(stderr).toMatch(/holds data already.*\nTry: give an empty database as --to/);
  });

  it('is awaited by all other commands', async () => {
    await beginCopy();
    for (const [command, ...argv] of [
      [CustomerList],
      [CustomerCreate, 'x'],
      [Migrate],
      [Serve, '--port', '0'],
    ] as const) {
      const { stdout, stderr, exit } = await on(to, command, ...argv);
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 78 });
      expect(stderr).toMatch(/unfinished copy of another one\.\nTry: give the `fleet copy`/);
    }
    const { stdout, exit } = await run('--to', to, '--json');
    expect(exit).toBe(0);
    expect(copiedSchema.parse(JSON.parse(stdout)).resumed).toBe(true);
    expect((await on(to, CustomerList)).exit).toBe(0);
  });

  /** Begins a copy and interrupts it behind its first batch. */
  async function beginCopy(): Promise<void> {
    const locations = { from: parseLocation(from), to: parseLocation(to) };
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const onProgress = () => interrupt.abort();
    const options = { actor: 'ada', clock: () => Date.now(), signal, onProgress };
    const opening = { nowMs: Date.now(), onCreate: () => {} };
    const copy = withSides(locations, opening, (sides) => copyInstallation(sides, options));
    await expect(copy).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
  }
});
