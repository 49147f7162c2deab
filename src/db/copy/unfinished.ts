/**
 * How far a copy into this database has come. The table is there from before the first row until
 * all are verified, so that nothing else works on half an installation (see `readSchemaState`).
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { isMissingTable } from '../connection/errors.ts';
import { columnTypes } from '../migrations/column-types.ts';
import { standInRow } from '../migrations/migrate.ts';
import { readSchemaState, UNFINISHED_COPY } from '../migrations/schema-state.ts';
import type { Database } from '../schema.ts';
import type { Key } from './rows.ts';
import { COPIED_TABLES } from './tables.ts';

/** Where a copy stands: which step it is at, the last key that was copied in it, and how many rows were. */
export interface Place {
  step: string;
  after: Key | null;
  rows: number;
}

/** The one row; the last key is JSON, or '' at the beginning of a step. */
interface UnfinishedCopyTable {
  source: string;
  step: string;
  after_key: string;
  rows: number;
}

type WithUnfinished = { [UNFINISHED_COPY]: UnfinishedCopyTable };

/**
 * Returns where the unfinished copy of `source` in this database stands; where there is none, notes
 * that one begins at `start`. Throws `conflict` where the database holds data, or another copy.
 */
export async function takeUp(
  trx: Transaction<Database>,
  source: string,
  { start, where }: { start: Place; where: string },
): Promise<Place> {
  // Two that begin at once would both create the table.
  await standInRow(trx);
  if ((await readSchemaState(trx)) === 'unfinished') return await readPlace(trx, source, where);
  await requireEmpty(trx, where);
  await create(trx, source, start);
  return start;
}

/** Notes that the copy came from one place to the next; throws `busy` where another process did so meanwhile. */
export async function advance(trx: Transaction<Database>, from: Place, to: Place): Promise<void> {
  const update = withUnfinished(trx).updateTable(UNFINISHED_COPY).set(toRow(to));
  const { numUpdatedRows } = await unlessEnded(() =>
    update.where((eb) => eb.and(toRow(from))).executeTakeFirstOrThrow(),
  );
  if (numUpdatedRows !== 1n) throw refuseRival();
}

/** Deletes all that was copied up to `from`, so that the copy begins anew at `start`; throws `busy` like `advance`. */
export async function beginAnew(
  trx: Transaction<Database>,
  from: Place,
  start: Place,
): Promise<void> {
  await advance(trx, from, start);
  for (const { name } of COPIED_TABLES.toReversed()) await trx.deleteFrom(name).execute();
}

/** Notes that the copy ended at `at`, so that the database is like any other; throws `busy` like `advance`. */
export async function finish(trx: Transaction<Database>, at: Place): Promise<void> {
  // Who takes the copy up looks for the table first, and must not lose it before it has read it.
  await standInRow(trx);
  const { numDeletedRows } = await unlessEnded(() =>
    withUnfinished(trx)
      .deleteFrom(UNFINISHED_COPY)
      .where((eb) => eb.and(toRow(at)))
      .executeTakeFirstOrThrow(),
  );
  if (numDeletedRows !== 1n) throw refuseRival();
  await trx.schema.dropTable(UNFINISHED_COPY).execute();
}

/** Runs a statement on the place; once another process has ended the copy, there is no such table. */
async function unlessEnded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isMissingTable(error) ? refuseRival() : error;
  }
}

function refuseRival(): FleetError {
  return new FleetError('busy', 'Another process copies into the same database.', {
    hint: 'wait until the other one has ended',
  });
}

async function create(trx: Transaction<Database>, source: string, start: Place): Promise<void> {
  const { int, table } = columnTypes(trx);
  await sql`create table ${sql.table(UNFINISHED_COPY)} (
    source text primary key, step text not null, after_key text not null,
    rows ${sql.raw(int)} not null)${sql.raw(table)}`.execute(trx);
  await withUnfinished(trx)
    .insertInto(UNFINISHED_COPY)
    .values({ source, ...toRow(start) })
    .execute();
}

async function readPlace(
  trx: Transaction<Database>,
  source: string,
  where: string,
): Promise<Place> {
  const found = await withUnfinished(trx)
    .selectFrom(UNFINISHED_COPY)
    .selectAll()
    .executeTakeFirstOrThrow();
  if (found.source === source) return toPlace(found);
  throw new FleetError(
    'conflict',
    `The database ${where} holds an unfinished copy of ${found.source}.`,
    {
      hint: 'give that one as --from, or an empty database as --to',
    },
  );
}

async function requireEmpty(trx: Transaction<Database>, where: string): Promise<void> {
  for (const { name } of COPIED_TABLES) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(trx);
    if (rows.length === 0) continue;
    throw new FleetError('conflict', `The database ${where} holds data already (table ${name}).`, {
      hint: 'give an empty database as --to: a new file, or a new one of PostgreSQL (createdb)',
    });
  }
}

function toRow({ step, after, rows }: Place): Omit<UnfinishedCopyTable, 'source'> {
  return { step, after_key: after === null ? '' : JSON.stringify(after), rows };
}

function toPlace({ step, after_key, rows }: UnfinishedCopyTable): Place {
  return { step, after: after_key === '' ? null : JSON.parse(after_key), rows };
}

function withUnfinished(db: Kysely<Database>): Kysely<Database & WithUnfinished> {
  return db.withTables<WithUnfinished>();
}
