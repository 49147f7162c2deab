import type { Kysely } from 'kysely';
import type { RejectionEntry } from '../../db/rejections/entries.ts';
import {
  findNewestRejectionMs,
  getRejections,
  listRejections,
  listRejectionsChangedSince,
  type RejectionFilter,
} from '../../db/rejections/queries.ts';
import type { Database } from '../../db/schema.ts';
import type { Log, Marks } from '../follow.ts';

/** Nodes write with a delay, and their clocks differ: this far behind the newest there may be news. */
const BEHIND_MS = 5 * 60_000;

/** Returns the rejection log for `follow`: a rejection is shown again when its count has grown. */
export function openRejectionLog(
  db: Kysely<Database>,
  filter: RejectionFilter,
): Log<RejectionEntry> {
  return {
    readMarks: () => readCounts(db, filter),
    readNewest: async (count) =>
      (await listRejections(db, filter, { limit: count })).items.toReversed(),
    readEntries: (ids) => getRejections(db, ids),
    markOf: ({ id, count }) => [id, count],
  };
}

async function readCounts(db: Kysely<Database>, filter: RejectionFilter): Promise<Marks> {
  const newestMs = await findNewestRejectionMs(db);
  const sinceMs = newestMs === null ? 0 : newestMs - BEHIND_MS;
  const recent = await listRejectionsChangedSince(db, filter, sinceMs);
  return new Map(recent.map(({ id, count }) => [id, count]));
}
