import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnKind } from '../../../src/db/bulk/statements.ts';
import { COPIED_TABLES } from '../../../src/db/copy/tables.ts';
import type { Database } from '../../../src/db/schema.ts';
import { DIALECTS, type Dialect } from '../../support/databases.ts';
import { createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';

const KINDS: Record<Dialect, Readonly<Record<string, ColumnKind>>> = {
  sqlite: { TEXT: 'text', INTEGER: 'int', REAL: 'real', BLOB: 'bytes' },
  postgres: { text: 'text', int8: 'int', float8: 'real', bytea: 'bytes' },
};

const READ_KEY: Record<Dialect, string> = {
  sqlite: 'select name from pragma_table_info($table) where pk > 0 order by pk',
  postgres: `select a.attname as name from pg_index as i
    join unnest(i.indkey) with ordinality as k (attnum, at) on true
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indisprimary and i.indrelid = $table::regclass order by k.at`,
};

describe.each(DIALECTS)('the list of what is copied, on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());

  it('names every table and every column of the schema, and what they hold', async () => {
    const tables = await fleet.db.introspection.getTables();
    const actual = tables.map(({ name, columns }) => [
      name,
      Object.fromEntries(
        columns.map((each) => [each.name, KINDS[dialect][each.dataType.replace(/ .*/, '')]]),
      ),
    ]);
    const listed = COPIED_TABLES.map(({ name, columns }) => [name, columns]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(actual));
  });

  it.each(COPIED_TABLES)('has the primary key of $name', async ({ name, key }) => {
    expect(await readKey(fleet.db, dialect, name)).toEqual(key);
  });
});

async function readKey(db: Kysely<Database>, dialect: Dialect, table: string): Promise<string[]> {
  const text = READ_KEY[dialect].replace('$table', `'${table}'`);
  const { rows } = await sql<{ name: string }>`${sql.raw(text)}`.execute(db);
  return rows.map(({ name }) => name);
}
