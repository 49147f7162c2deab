/**
 * Many rows in one statement of constant text: the rows travel as one JSON parameter. Measured
 * against row values, this is a quarter faster on SQLite (with its statements cached) and up to
 * twice as fast on PostgreSQL, which degrades with thousands of row values.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { dialectOf } from '../connection/dialect.ts';
import type { Database } from '../schema.ts';

export type ColumnKind = 'text' | 'int' | 'real';
export type Columns = Readonly<Record<string, ColumnKind>>;

export interface BulkTable<Name extends keyof Database = keyof Database> {
  name: Name;
  key: readonly string[];
  columns: Columns;
  /** SQL for a column on conflict, where it is not simply replaced. */
  merge?: Readonly<Record<string, string>>;
}

const POSTGRES_TYPES = { text: 'text', int: 'bigint', real: 'double precision' } as const;

/** A derived table of `rows`, to select from; every row is an object with the given columns. */
export function jsonRows(
  db: Kysely<Database>,
  columns: Columns,
  rows: readonly object[],
): RawBuilder<unknown> {
  const json = JSON.stringify(rows);
  const names = Object.keys(columns);
  if (dialectOf(db) === 'sqlite') {
    const list = names.map((name) => `value ->> '$.${name}' as ${name}`).join(', ');
    return sql`(select ${sql.raw(list)} from json_each(${json}))`;
  }
  const list = names.map((name) => `${name} ${POSTGRES_TYPES[columns[name] ?? 'text']}`).join(', ');
  return sql`(select * from json_to_recordset(${json}::json) as r(${sql.raw(list)}))`;
}

export interface SelectByKeyOptions {
  keys: readonly object[];
  /** The leading columns of the primary key that `keys` give. */
  keyColumns: readonly string[];
  /** PostgreSQL: lock the rows, in key order. SQLite's transaction holds the only write lock. */
  lock?: 'update' | 'share';
}

/** The rows of `table` with these keys, in key order; keys without a row are left out. */
export async function selectByKey<Row>(
  db: Kysely<Database>,
  table: BulkTable,
  { keys, keyColumns, lock }: SelectByKeyOptions,
): Promise<Row[]> {
  if (keys.length === 0) return [];
  const types = pick(table.columns, keyColumns);
  const on = keyColumns.map((name) => `t.${name} = k.${name}`).join(' and ');
  const order = table.key.map((name) => `t.${name}`).join(', ');
  const locking = lock && dialectOf(db) === 'postgres' ? `for ${lock} of t` : '';
  const result = await sql<Row>`
    select t.* from ${jsonRows(db, types, keys)} as k
    join ${sql.table(table.name)} as t on ${sql.raw(on)}
    order by ${sql.raw(order)} ${sql.raw(locking)}`.execute(db);
  return result.rows;
}

/** Writes the rows, replacing (or merging, as the table says) what has the same key. */
export async function upsertRows(
  db: Kysely<Database>,
  table: BulkTable,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(table.columns);
  const list = sql.raw(names.join(', '));
  const set = names
    .filter((name) => !table.key.includes(name))
    .map((name) => `${name} = ${table.merge?.[name] ?? `excluded.${name}`}`)
    .join(', ');
  await sql`
    insert into ${sql.table(table.name)} (${list})
    select ${list} from ${jsonRows(db, table.columns, rows)} as r where true
    on conflict (${sql.raw(table.key.join(', '))}) do update set ${sql.raw(set)}`.execute(db);
}

/** Deletes the rows with these keys. */
export async function deleteByKey(
  db: Kysely<Database>,
  table: BulkTable,
  keys: readonly object[],
): Promise<void> {
  if (keys.length === 0) return;
  const types = pick(table.columns, table.key);
  const list = sql.raw(table.key.join(', '));
  // Not `exists`: for that SQLite would go through the whole table.
  await sql`
    delete from ${sql.table(table.name)} where (${list}) in (
      select ${list} from ${jsonRows(db, types, keys)} as k)`.execute(db);
}

function pick(columns: Columns, names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? 'text']));
}
