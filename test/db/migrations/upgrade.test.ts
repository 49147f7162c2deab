import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLocation } from '../../../src/db/connection/location.ts';
import {
  type Migrated,
  openAndMigrateDatabase,
  openDatabase,
} from '../../../src/db/connection/open.ts';
import { listCustomers } from '../../../src/db/customers/customers.ts';
import { MIGRATIONS } from '../../../src/db/migrations/index.ts';
import { requireCurrent } from '../../../src/db/migrations/schema-state.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { addCustomer } from '../../support/fleet-data.ts';

// biome-ignore lint/suspicious/noExplicitAny: a migration is frozen and knows no later schema
type AnyDatabase = Kysely<any>;
const addColumn = (db: AnyDatabase) =>
  db.schema.alterTable('customer').addColumn('colour', 'text').execute();
const NEWER = { ...MIGRATIONS, '9999-colour': { up: addColumn } };
const BROKEN = {
  ...MIGRATIONS,
  '9998-colour': { up: addColumn },
  '9999-broken': { up: () => Promise.reject(new Error('half way')) },
};

describe.each(DIALECTS)('an upgrade of the schema on %s', (dialect) => {
  let database: TestDatabase;
  let done: Migrated[];

  const upgrade = async (migrations: typeof MIGRATIONS) => {
    const options = { migrations, onMigrate: (migrated: Migrated) => done.push(migrated) };
    const db = await openAndMigrateDatabase(parseLocation(database.url), options);
    const { items } = await listCustomers(db);
    await db.destroy();
    return items.map(({ slug }) => slug);
  };
  const listFiles = () =>
    dialect === 'sqlite'
      ? readdirSync(dirname(database.url)).filter((name) => !/-(wal|shm)$/.test(name))
      : [];

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
    done = [];
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await addCustomer(db, 'acme');
    await db.destroy();
  });
  afterEach(() => database.drop());

  it('keeps the data, and of a SQLite file a copy from before that can be opened again', async () => {
    expect(await upgrade(NEWER)).toEqual(['acme']);
    expect(done).toMatchObject([{ outcome: 'upgraded', applied: ['9999-colour'] }]);
    const backup = done[0]?.backup ?? null;
    if (dialect === 'postgres') return expect(backup).toBeNull();
    expect(statSync(backup ?? '').mode & 0o777).toBe(0o600);
    expect(listFiles()).toContain(basename(backup ?? ''));
    const before = await openDatabase(parseLocation(backup ?? ''), { access: 'read' });
    expect((await listCustomers(before)).items).toMatchObject([{ slug: 'acme' }]);
    await before.destroy();
  });

  it('makes no copy where there is nothing to do', async () => {
    await upgrade(NEWER);
    const files = listFiles();
    expect(await upgrade(NEWER)).toEqual(['acme']);
    expect(done).toHaveLength(1);
    expect(listFiles()).toEqual(files);
  });

  it('that fails half way changes nothing', async () => {
    await expect(upgrade(BROKEN)).rejects.toThrow('half way');
    expect(await upgrade(MIGRATIONS)).toEqual(['acme']);
    expect(await upgrade(NEWER)).toEqual(['acme']);
  });

  // Two SQLite connections of one thread would wait for each other; processes are tried end to end.
  it.runIf(dialect === 'postgres')('by several at once is carried out once', async () => {
    const outcomes = await Promise.all([upgrade(NEWER), upgrade(NEWER), upgrade(NEWER)]);
    expect(outcomes).toEqual([['acme'], ['acme'], ['acme']]);
    expect(done).toHaveLength(1);
  });

  it('leaves a database of a newer program alone', async () => {
    await upgrade(NEWER);
    await expect(upgrade(MIGRATIONS)).rejects.toMatchObject({ code: 'schema_new', exit: 78 });
  });

  it('is for serve and migrate only: others refuse an older schema', () => {
    const refusal = expect.objectContaining({ code: 'schema_old', hint: 'fleet migrate' });
    expect(() => requireCurrent('older', 'fleet.db')).toThrow(refusal);
  });

  it.runIf(dialect === 'sqlite')('without a copy does not happen', async () => {
    // The name of the copy is taken by a directory, down to the second.
    for (let second = 0; second < 30; second++) {
      const at = new Date(Date.now() + second * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
      mkdirSync(`${database.url}.before-9999-colour.${at}/x`, { recursive: true });
    }
    await expect(upgrade(NEWER)).rejects.toThrow();
    expect(done).toEqual([]);
    expect(listFiles().filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await upgrade(MIGRATIONS)).toEqual(['acme']);
  });
});
