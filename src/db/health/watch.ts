import type { Kysely } from 'kysely';
import { DEFAULT_OVERDUE_MS } from '../../domain/customers/overdue-limit.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { listUnobserved, NODE_SILENCE_MS } from '../nodes.ts';
import type { Database } from '../schema.ts';

/** Returns who listened and when, against which health holds silence. */
export async function readWatch(db: Kysely<Database>, nowMs: number): Promise<Watch> {
  const nodes = await db
    .selectFrom('node')
    .select(['last_alive_at', 'stopped_at', 'overdue_after_ms'])
    .orderBy('last_alive_at', 'desc')
    .execute();
  const isListening = nodes.some(
    ({ stopped_at, last_alive_at }) =>
      stopped_at === null && last_alive_at > nowMs - NODE_SILENCE_MS,
  );
  const [newest] = nodes;
  return {
    nowMs,
    watchedUntilMs: isListening ? nowMs : (newest?.last_alive_at ?? null),
    unobserved: await listUnobserved(db),
    // Where no server ever ran, nothing is overdue, and the limit is only shown.
    overdueAfterMs: newest?.overdue_after_ms ?? DEFAULT_OVERDUE_MS,
  };
}
