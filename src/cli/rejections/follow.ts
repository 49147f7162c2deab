import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { isStorageFailure } from '../../db/connection/errors.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';
import {
  findNewestRejectionMs,
  getRejections,
  listRejections,
  listRejectionsChangedSince,
  type RejectionFilter,
} from '../../db/rejections/queries.ts';
import type { Database } from '../../db/schema.ts';

export interface FollowOptions {
  filter: RejectionFilter;
  /** How many of those that are there already come first. */
  last: number;
  signal: AbortSignal;
  intervalMs?: number;
  /** Told once that the database does not answer, and went on being asked. */
  onAway?: (error: unknown) => void;
}

// Once a second, so that a rejection that counts up is repeated at most that often.
const INTERVAL_MS = 1_000;

/** Nodes write with a delay, and their clocks differ: this far behind the newest there may be news. */
const BEHIND_MS = 5 * 60_000;

/** What one look at a log shows at most; the rest comes with the next. */
const MOST_AT_ONCE = 500;

/**
 * Yields the newest rejections, oldest first, and then every one that is new or was repeated, until
 * the signal aborts. Goes by what was seen and not by this machine's clock.
 */
export async function* followRejections(
  db: Kysely<Database>,
  options: FollowOptions,
): AsyncGenerator<RejectionEntry[]> {
  const { filter, signal, intervalMs = INTERVAL_MS, onAway } = options;
  let isAway = false;
  let seen = await readCounts(db, filter);
  const first = await readNewest(db, options);
  for (const { id, count } of first) seen.set(id, count);
  if (first.length > 0) yield first;
  while (await pause(intervalMs, signal)) {
    try {
      const look = await lookForNews(db, filter, seen);
      seen = look.seen;
      isAway = false;
      if (look.news.length > 0) yield look.news;
    } catch (error) {
      if (!isStorageFailure(error)) throw error;
      if (!isAway) onAway?.(error);
      isAway = true;
    }
  }
}

type Counts = Map<string, number>;

async function readCounts(db: Kysely<Database>, filter: RejectionFilter): Promise<Counts> {
  const newestMs = await findNewestRejectionMs(db);
  const sinceMs = newestMs === null ? 0 : newestMs - BEHIND_MS;
  const recent = await listRejectionsChangedSince(db, filter, sinceMs);
  return new Map(recent.map(({ id, count }) => [id, count]));
}

async function readNewest(
  db: Kysely<Database>,
  { filter, last }: FollowOptions,
): Promise<RejectionEntry[]> {
  if (last === 0) return [];
  const { items } = await listRejections(db, filter, { limit: last });
  return items.toReversed();
}

async function lookForNews(
  db: Kysely<Database>,
  filter: RejectionFilter,
  seen: Counts,
): Promise<{ news: RejectionEntry[]; seen: Counts }> {
  const counts = await readCounts(db, filter);
  const changed = [...counts].filter(([id, count]) => seen.get(id) !== count).map(([id]) => id);
  const news = await getRejections(db, changed.slice(0, MOST_AT_ONCE));
  for (const id of changed.slice(MOST_AT_ONCE)) keepCount(counts, id, seen.get(id));
  for (const { id, count } of news) counts.set(id, count);
  return { news, seen: counts };
}

function keepCount(counts: Counts, id: string, count: number | undefined): void {
  if (count === undefined) counts.delete(id);
  else counts.set(id, count);
}

async function pause(intervalMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(intervalMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
