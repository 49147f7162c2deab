/** Following a log: what is there, and then whatever is new in it or has changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isStorageFailure } from '../db/connection/errors.ts';

/** By what identifies an entry: a mark that is another one once there is something new to show of it. */
export type Marks = Map<string, string | number>;

/** How a log is looked at. */
export interface Log<Entry> {
  /** The marks of all entries that may be new or may have changed. */
  readMarks: () => Promise<Marks>;
  /** The newest entries, oldest first. */
  readNewest: (count: number) => Promise<Entry[]>;
  /** Those of the entries that are still there, oldest first. */
  readEntries: (ids: readonly string[]) => Promise<Entry[]>;
  markOf: (entry: Entry) => readonly [id: string, mark: string | number];
}

export interface FollowOptions {
  /** How many of those that are there already come first. */
  last: number;
  signal: AbortSignal;
  intervalMs?: number;
  /** Told once that the database does not answer, and went on being asked. */
  onAway?: (error: unknown) => void;
}

// Once a second, so that an entry that counts up is repeated at most that often.
const INTERVAL_MS = 1_000;

/** What one look at a log shows at most; the rest comes with the next. */
const MOST_AT_ONCE = 500;

/**
 * Yields the newest entries, oldest first, and then every one that is new or has changed, until the
 * signal aborts. Goes by what was seen and not by this machine's clock.
 */
export async function* follow<Entry>(
  log: Log<Entry>,
  { last, signal, intervalMs = INTERVAL_MS, onAway }: FollowOptions,
): AsyncGenerator<Entry[]> {
  let isAway = false;
  let seen = await log.readMarks();
  const first = last === 0 ? [] : await log.readNewest(last);
  for (const entry of first) seen.set(...log.markOf(entry));
  if (first.length > 0) yield first;
  while (await pause(intervalMs, signal)) {
    try {
      const look = await lookForNews(log, seen);
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

async function lookForNews<Entry>(
  log: Log<Entry>,
  seen: Marks,
): Promise<{ news: Entry[]; seen: Marks }> {
  const marks = await log.readMarks();
  const changed = [...marks].filter(([id, mark]) => seen.get(id) !== mark).map(([id]) => id);
  const news = await log.readEntries(changed.slice(0, MOST_AT_ONCE));
  for (const id of changed.slice(MOST_AT_ONCE)) keepMark(marks, id, seen.get(id));
  for (const entry of news) marks.set(...log.markOf(entry));
  return { news, seen: marks };
}

function keepMark(marks: Marks, id: string, mark: string | number | undefined): void {
  if (mark === undefined) marks.delete(id);
  else marks.set(id, mark);
}

async function pause(intervalMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(intervalMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
