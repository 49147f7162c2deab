/** The status history of an instance: the words of the device itself. */
import type { Kysely } from 'kysely';
import type { StatusSpan } from '../../domain/history/outages.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';
import type { OpenEpisodes } from './open.ts';

/** A status episode as it is shown; instants in epoch ms. */
export interface StatusEntry {
  status: string;
  message: string | null;
  since: number;
  /** The next word; null while it is the last one. The same as `since` where another word held on. */
  until: number | null;
  last_at: number;
  count: number;
  /** Above 1 where flapping merged several episodes, of which it shows the last word. */
  episodes: number;
}

/** More stops than this are not held against outages. */
const MOST_STOPS = 1_000;

/** The newest episodes, the open one first. */
export async function listStatuses(
  db: Kysely<Database>,
  open: OpenEpisodes,
  limit: number,
): Promise<StatusEntry[]> {
  const closed = await selectEpisodes(db, open)
    .select(['status', 'message', 'started_at as since', 'ended_at as until'])
    .select(['last_at', 'count', 'episodes'])
    .limit(limit)
    .execute();
  return [...toOpenEntry(open), ...closed].slice(0, limit);
}

/** The episodes in which the device said `stopped`, the open one among them. */
export async function readStops(
  db: Kysely<Database>,
  open: OpenEpisodes,
  nowMs: number,
): Promise<StatusSpan[]> {
  const closed = await selectEpisodes(db, open)
    .select(['status', 'started_at', 'ended_at', 'last_at'])
    .where((eb) => eb(eb.fn<string>('lower', ['status']), '=', 'stopped'))
    .limit(MOST_STOPS)
    .execute();
  const current = toOpenEntry(open).map(({ status, since, last_at }) => ({
    ...{ status, started_at: since, ended_at: nowMs, last_at },
  }));
  return [...current, ...closed];
}

function toOpenEntry(open: OpenEpisodes): StatusEntry[] {
  const { status, status_message: message, status_since: since, status_last_at } = open;
  if (status === null || since === null) return [];
  const rest = { last_at: status_last_at ?? since, count: open.status_count, episodes: 1 };
  return [{ status, message, since, until: null, ...rest }];
}

function selectEpisodes(db: Kysely<Database>, { customer, machine, software }: PathKey) {
  return db
    .selectFrom('status_history')
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where('software', '=', software)
    .orderBy('started_at', 'desc');
}
