/** The history of closed episodes: what its writers need, alike for all kinds and for many paths at once. */
import { type Kysely, sql } from 'kysely';
import {
  type BulkTable,
  type Columns,
  deleteByKey,
  jsonRows,
  selectByKey,
  upsertRows,
} from '../bulk/statements.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';

export interface HistoryTable {
  table: BulkTable;
  startColumn: 'started_at' | 'opened_at';
  endColumn: 'ended_at' | 'closed_at';
  /** What besides the path an episode must share with a moment to be its neighbour. */
  identity: readonly string[];
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

export interface Stretch extends PathKey {
  from_at: number;
  /** Excluded. */
  to_at: number;
}

/** The episodes that began and ended in these stretches of time of their paths. */
export async function readEpisodesWithin<Episode>(
  trx: Kysely<Database>,
  { table, startColumn, endColumn }: HistoryTable,
  stretches: readonly Stretch[],
): Promise<Episode[]> {
  if (stretches.length === 0) return [];
  const columns = { ...pickPath(table), from_at: 'int', to_at: 'int' } as const;
  const result = await sql<Episode>`
    select h.* from ${jsonRows(trx, columns, stretches)} as s
    join ${sql.table(table.name)} as h on ${shares(PATH, 'h', 's')}
      and ${sql.ref(`h.${startColumn}`)} >= s.from_at and ${sql.ref(`h.${startColumn}`)} < s.to_at
      and ${sql.ref(`h.${endColumn}`)} < s.to_at`.execute(trx);
  return result.rows;
}

export interface Moment extends PathKey {
  at: number;
  code?: number;
  module?: string;
}

/**
 * The neighbours of moments, each row once or several times: the episode that began last at or
 * before it, the one of some duration that did, and the first one after it.
 */
export async function readNeighbours<Episode>(
  trx: Kysely<Database>,
  history: HistoryTable,
  moments: readonly Moment[],
): Promise<Episode[]> {
  if (moments.length === 0) return [];
  const { table, startColumn, endColumn, identity } = history;
  const columns = { ...pickPath(table), ...pick(table, identity), at: 'int' } as const;
  const shared = [...PATH, ...identity];
  const [start, end] = [sql.ref(`x.${startColumn}`), sql.ref(`x.${endColumn}`)];
  const sides = [
    sql`max(${start}) from ${sql.table(table.name)} as x where ${start} <= m.at`,
    sql`max(${start}) from ${sql.table(table.name)} as x where ${start} <= m.at and ${end} > ${start}`,
    sql`min(${start}) from ${sql.table(table.name)} as x where ${start} > m.at`,
  ];
  const selects = sides.map(
    (side) => sql`
      select h.* from ${jsonRows(trx, columns, moments)} as m
      join ${sql.table(table.name)} as h on ${shares(shared, 'h', 'm')}
        and ${sql.ref(`h.${startColumn}`)} = (select ${side} and ${shares(shared, 'x', 'm')})`,
  );
  const result = await sql<Episode>`${sql.join(selects, sql` union all `)}`.execute(trx);
  return result.rows;
}

const PATH = ['customer', 'machine', 'software'] as const;

function shares(columns: readonly string[], one: string, two: string) {
  return sql.raw(columns.map((name) => `${one}.${name} = ${two}.${name}`).join(' and '));
}

function pickPath(table: BulkTable): Columns {
  return pick(table, PATH);
}

function pick({ columns }: BulkTable, names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? 'text']));
}
