import type { Kysely } from 'kysely';
import { type DiagnosticEntry, encodeEpisode } from '../../db/diagnostics/entries.ts';
import {
  findNewestClosingMs,
  getEpisodes,
  markOf,
  readDiagnosticMarks,
} from '../../db/diagnostics/marks.ts';
import { listDiagnostics } from '../../db/diagnostics/queries.ts';
import type { DiagnosticFilter } from '../../db/diagnostics/sources.ts';
import type { Database } from '../../db/schema.ts';
import type { Log, Marks } from '../follow.ts';

/** Nodes commit in another order than their clocks say: this far behind the newest there may be news. */
const BEHIND_MS = 5 * 60_000;

/**
 * Returns the diagnostics for `follow`: one is shown when it opens, and again when it has been
 * repeated, acknowledged or closed.
 */
export function openDiagnosticLog(
  db: Kysely<Database>,
  filter: Omit<DiagnosticFilter, 'nowMs'>,
  clock: () => number,
): Log<DiagnosticEntry> {
  const now = () => ({ ...filter, includeClosed: true, nowMs: clock() });
  return {
    readMarks: () => readMarks(db, now()),
    readNewest: async (count) =>
      (await listDiagnostics(db, now(), { limit: count })).items.toReversed(),
    readEntries: (keys) => getEpisodes(db, keys, clock()),
    markOf: (entry) => [encodeEpisode(entry), markOf(entry)],
  };
}

async function readMarks(db: Kysely<Database>, filter: DiagnosticFilter): Promise<Marks> {
  const newestMs = (await findNewestClosingMs(db)) ?? 0;
  // An operator whose clock is ahead closes in the future, and must not hide what comes before it.
  return await readDiagnosticMarks(db, filter, Math.min(newestMs, filter.nowMs) - BEHIND_MS);
}
