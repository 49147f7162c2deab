/** Reading when instances were up. */
import type { Kysely } from 'kysely';
import { findOverdueLimit } from '../../domain/health/judge.ts';
import type { Watch } from '../../domain/health/watch.ts';
import type { UpSpan } from '../../domain/history/spans.ts';
import { computeUptime, type Uptime } from '../../domain/history/uptime.ts';
import { readWatch } from '../health/watch.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';
import { type OpenEpisodes, readOpenEpisodes } from './open.ts';
import { readStops } from './statuses.ts';

/**
 * The newest episodes that are read: more than a month of an instance that flaps all the time, which
 * closes 20 an hour before they are merged. Few instances have more than some hundred.
 */
const MOST_EPISODES = 16_000;

/** Of each list not more than this, the newest. */
export const MOST_LISTED = 100;

/** Returns when each instance of a machine was up, by its slug. */
export async function readMachineUptime(
  db: Kysely<Database>,
  { customer, machine }: { customer: string; machine: string },
  { nowMs, limit = MOST_LISTED }: { nowMs: number; limit?: number },
): Promise<Map<string, Uptime>> {
  const watch = await readWatch(db, nowMs);
  const uptimes = new Map<string, Uptime>();
  for (const open of await readOpenEpisodes(db, { customer, machine })) {
    uptimes.set(open.software, await readUptime(db, open, { watch, limit }));
  }
  return uptimes;
}

/** Returns when an instance was up, from its open episodes and what it closed. */
export async function readUptime(
  db: Kysely<Database>,
  open: OpenEpisodes,
  { watch, limit }: { watch: Watch; limit: number },
): Promise<Uptime> {
  const uptime = computeUptime({
    closed: await readClosedSpans(db, open),
    open: toOpenSpan(open),
    statuses: await readStops(db, open, watch.nowMs),
    limitMs: findOverdueLimit(open, watch),
    watch,
  });
  return {
    availability: uptime.availability,
    outages: uptime.outages.slice(0, limit),
    restarts: uptime.restarts.slice(0, limit),
    versions: uptime.versions.slice(0, limit),
    episodes: uptime.episodes.slice(0, limit),
  };
}

/** Read newest first, which is the way to bound them by the key. */
async function readClosedSpans(
  db: Kysely<Database>,
  { customer, machine, software }: PathKey,
): Promise<UpSpan[]> {
  return await db
    .selectFrom('up_history')
    .select(['started_at', 'ended_at', 'up_ms', 'beats', 'version', 'ended_by', 'episodes'])
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where('software', '=', software)
    .orderBy('started_at', 'desc')
    .limit(MOST_EPISODES)
    .execute();
}

function toOpenSpan({ up_since, last_beat_at, beats, version }: OpenEpisodes): UpSpan | null {
  if (up_since === null) return null;
  const ended_at = last_beat_at ?? up_since;
  const covered = { started_at: up_since, ended_at, up_ms: ended_at - up_since };
  return { ...covered, beats, version, ended_by: null, episodes: 1 };
}
