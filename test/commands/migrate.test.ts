import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedSchema } from '../../src/cli/schemas/migrate.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerList from '../../src/commands/customer/list.ts';
import Migrate from '../../src/commands/migrate.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openDatabase } from '../../src/db/connection/open.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

describe.each(DIALECTS)('fleet migrate on %s', (dialect) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
  });

  afterAll(async () => {
    await database.drop();
  });

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  async function migrate() {
    const { stdout, stderr, exit } = await run(Migrate, '--json');
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    return migratedSchema.parse(JSON.parse(stdout));
  }

  it('creates the schema where there is none, and then has nothing to do', async () => {
    const created = await migrate();
    expect(created).toMatchObject({ outcome: 'created', applied: [created.schema] });
    expect(await migrate()).toMatchObject({ outcome: 'unchanged', applied: [] });
    expect((await run(Migrate)).stdout).toContain('is up to date');
  });

  it('shows where the database is without its password', async () => {
    const { password } = dialect === 'postgres' ? new URL(database.url) : { password: 'none' };
    expect((await migrate()).database).not.toContain(password);
  });

  it.each([Migrate, CustomerList, CustomerCreate])(
    'leaves a database of a newer fleet alone: %o',
    async (command) => {
      await addUnknownMigration();
      const argv = command === CustomerCreate ? ['acme'] : [];
      const { stdout, stderr, exit } = await run(command, ...argv);
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 78 });
      expect(stderr).toMatch(/newer fleet than this one\.\nTry: .+\n$/);
    },
  );

  async function addUnknownMigration(): Promise<void> {
    // The check is made when a database is opened; this one was of the present schema then.
    const open = await openDatabase(parseLocation(database.url), { access: 'write' }).catch(
      () => undefined,
    );
    await open
      ?.withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999-future', timestamp: '' })
      .execute();
    await open?.destroy();
  }
});
