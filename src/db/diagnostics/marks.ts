/** What whoever follows diagnostics asks again and again: which of them are not as they were. */
import { type Kysely, sql } from 'kysely';
import { selectByKey } from '../bulk/statements.ts';
import { DIAGNOSTIC_HISTORY, DIAGNOSTICS } from '../bulk/tables.ts';
import type { Database, Diagnostic, DiagnosticEpisode } from '../schema.ts';
import {
  type DiagnosticEntry,
  decodeEpisode,
  EPISODE,
  type EpisodeKey,
  encodeEpisode,
  toCurrentEntry,
  toDiagnosticEntry,
} from './entries.ts';
import { type DiagnosticFilter, selectClosed, selectCurrent } from './sources.ts';

type Marked = EpisodeKey &
  Pick<DiagnosticEntry, 'count' | 'closed_at' | 'acknowledged_at' | 'note'>;

/** Returns what of an episode changes when it is repeated, acknowledged or closed, as one text. */
export function markOf({ count, closed_at, acknowledged_at, note }: Marked): string {
  return JSON.stringify([count, closed_at, acknowledged_at, note]);
}

/** The marks of what is open, and of what was closed since an instant; by `encodeEpisode`. */
export async function readDiagnosticMarks(
  db: Kysely<Database>,
  filter: DiagnosticFilter,
  closedSinceMs: number,
): Promise<Map<string, string>> {
  const sinceMs = Math.max(closedSinceMs, filter.sinceMs ?? closedSinceMs);
  const sources = [
    selectClosed(db, { ...filter, sinceMs }),
    selectCurrent(db, { ...filter, includeClosed: true }),
  ].map(
    (source) => sql`
      select ${sql.raw(EPISODE.join(', '))}, count, closed_at, acknowledged_at, note
      from ${source} as s`,
  );
  const { rows } = await sql<Marked>`${sql.join(sources, sql` union all `)}`.execute(db);
  return new Map(rows.map((row) => [encodeEpisode(row), markOf(row)]));
}

/**
 * The episodes of these keys as they are now, by when they were reported last or closed; what closed
 * before what opened in its place.
 */
export async function getEpisodes(
  db: Kysely<Database>,
  keys: readonly string[],
  nowMs: number,
): Promise<DiagnosticEntry[]> {
  const left = new Set(keys);
  const current = await readRows<Diagnostic>(db, DIAGNOSTICS, left);
  const open = current.filter((row) => left.delete(encodeEpisode(row)));
  const closed = await readRows<DiagnosticEpisode>(db, DIAGNOSTIC_HISTORY, left);
  const entries = [
    ...closed.map(toDiagnosticEntry),
    ...open.map((row) => toCurrentEntry(row, nowMs)),
  ];
  return entries.sort((one, two) => lastOf(one) - lastOf(two));
}

async function readRows<Row>(
  db: Kysely<Database>,
  table: typeof DIAGNOSTICS | typeof DIAGNOSTIC_HISTORY,
  keys: ReadonlySet<string>,
): Promise<Row[]> {
  const wanted = [...keys].map(decodeEpisode);
  return await selectByKey<Row>(db, table, { keys: wanted, keyColumns: table.key });
}

/** When the newest closed episode was closed; null where there is none. */
export async function findNewestClosingMs(db: Kysely<Database>): Promise<number | null> {
  const { newest } = await db
    .selectFrom('diagnostic_history')
    .select((eb) => eb.fn.max('closed_at').as('newest'))
    .executeTakeFirstOrThrow();
  return newest === null ? null : Number(newest);
}

function lastOf({ closed_at, last_at }: DiagnosticEntry): number {
  return closed_at ?? last_at;
}
