/** The rows of any table, read and written in batches that bound memory and transactions. */
import { type Kysely, sql } from 'kysely';
import type { BulkTable } from '../bulk/statements.ts';
import type { Database } from '../schema.ts';
import { onSide, type Side } from './side.ts';

/** With a snapshot of the largest size in every row, a batch is 64 MiB. */
export const BATCH_ROWS = 1_000;

/** A row of any table. */
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;
export type Key = readonly (string | number)[];

/**
 * Yields the rows behind the key `after` in key order, a batch at a time. The order of texts is the
 * database's own, because only that one has an index; two databases may differ in it.
 */
export async function* readBatches(
  side: Side,
  table: BulkTable,
  after: Key | null = null,
): AsyncGenerator<readonly Row[]> {
  for (let last = after; ; ) {
    const rows = await onSide(side, (db) => readBatch(db, table, last));
    const final = rows.at(-1);
    if (final === undefined) return;
    yield rows;
    last = keyOf(table, final);
  }
}

/** Returns the values of a row's key. */
export function keyOf({ key }: BulkTable, row: Row): Key {
  return key.map((name) => row[name] as Key[number]);
}

/** Returns how many rows the table has. */
export async function countRows(side: Side, { name }: BulkTable): Promise<number> {
  const query = sql<{ total: number }>`select count(*) as total from ${sql.table(name)}`;
  const { rows } = await onSide(side, (db) => query.execute(db));
  return Number(rows[0]?.total ?? 0);
}

async function readBatch(
  db: Kysely<Database>,
  { name, key, columns }: BulkTable,
  after: Key | null,
): Promise<Row[]> {
  const list = sql.raw(Object.keys(columns).join(', '));
  const order = sql.raw(key.join(', '));
  const behind = after ? sql`where (${order}) > (${sql.join(after)})` : sql``;
  const { rows } = await sql<Row>`
    select ${list} from ${sql.table(name)} ${behind}
    order by ${order} limit ${BATCH_ROWS}`.execute(db);
  return rows;
}
