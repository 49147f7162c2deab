/** The append-only history of closed episodes: what its writers need, alike for all kinds. */
import { type Kysely, sql } from 'kysely';
import { type BulkTable, deleteByKey, selectByKey, upsertRows } from './bulk.ts';
import type { PathKey } from './ingest-rows.ts';
import type { Database } from './schema.ts';

export interface HistoryTable {
  table: BulkTable;
  startColumn: 'started_at' | 'opened_at';
  endColumn: 'ended_at' | 'closed_at';
}

/** The rows that have the keys of these episodes already. */
export async function readSameKeys<Episode extends object>(
  trx: Kysely<Database>,
  { table }: HistoryTable,
  episodes: readonly Episode[],
): Promise<Episode[]> {
  return await selectByKey<Episode>(trx, table, { keys: episodes, keyColumns: table.key });
}

/** Writes episodes, replacing those of the same key. */
export async function putEpisodes(
  trx: Kysely<Database>,
  { table }: HistoryTable,
  episodes: readonly object[],
): Promise<void> {
  await upsertRows(trx, table, episodes);
}

export async function removeEpisodes(
  trx: Kysely<Database>,
  { table }: HistoryTable,
  episodes: readonly object[],
): Promise<void> {
  await deleteByKey(trx, table, episodes);
}

/** The episodes of a path that began and ended in a stretch of time, oldest first. */
export async function readEpisodesWithin<Episode>(
  trx: Kysely<Database>,
  { table, startColumn, endColumn }: HistoryTable,
  { path, fromMs, toMs }: { path: PathKey; fromMs: number; toMs: number },
): Promise<Episode[]> {
  const result = await sql<Episode>`
    select * from ${sql.table(table.name)} where ${onPath(path)}
      and ${sql.ref(startColumn)} >= ${fromMs} and ${sql.ref(endColumn)} < ${toMs}
    order by ${sql.ref(startColumn)}`.execute(trx);
  return result.rows;
}

export interface MomentQuery {
  path: PathKey;
  atMs: number;
  /** Of diagnostics: only episodes of this code and module. */
  only?: { code: number; module: string };
}

/** The episode that began last at or before a moment, and the first one after it. */
export async function readNeighbours<Episode>(
  trx: Kysely<Database>,
  history: HistoryTable,
  query: MomentQuery,
): Promise<{ before: Episode | null; after: Episode | null }> {
  return {
    before: await readNeighbour(trx, history, { ...query, side: 'before' }),
    after: await readNeighbour(trx, history, { ...query, side: 'after' }),
  };
}

async function readNeighbour<Episode>(
  trx: Kysely<Database>,
  { table, startColumn }: HistoryTable,
  { path, atMs, only, side }: MomentQuery & { side: 'before' | 'after' },
): Promise<Episode | null> {
  const [comparison, order] = side === 'before' ? ['<=', 'desc'] : ['>', 'asc'];
  const filter = only ? sql`and code = ${only.code} and module = ${only.module}` : sql``;
  const result = await sql<Episode>`
    select * from ${sql.table(table.name)} where ${onPath(path)} ${filter}
      and ${sql.ref(startColumn)} ${sql.raw(comparison ?? '')} ${atMs}
    order by ${sql.ref(startColumn)} ${sql.raw(order ?? '')} limit 1`.execute(trx);
  return result.rows[0] ?? null;
}

function onPath({ customer, machine, software }: PathKey) {
  return sql`customer = ${customer} and machine = ${machine} and software = ${software}`;
}
