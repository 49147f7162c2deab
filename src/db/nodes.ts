/** Server nodes: who listens, who did, and the time in which nobody did. */
import type { Kysely, Transaction } from 'kysely';
import type { Database, ServerNode, Unobserved } from './schema.ts';

/** A node that stopped this long ago is forgotten when another one starts. */
const FORGET_NODE_MS = 7 * 86_400_000;

/** Shorter breaks (a restart) are not worth a row: no overdue limit is that short. */
const SHORTEST_BREAK_MS = 1_000;

/**
 * Notes that a node listens from now on. If none did until now, the time since the last sign of
 * life of any node is noted as not observed.
 */
export async function registerNode(
  trx: Transaction<Database>,
  { node, nowMs }: { node: string; nowMs: number },
): Promise<void> {
  const { last } = await trx
    .selectFrom('node')
    .select((eb) => eb.fn.max('last_alive_at').as('last'))
    .executeTakeFirstOrThrow();
  if (last !== null && nowMs - Number(last) > SHORTEST_BREAK_MS) {
    await trx
      .insertInto('unobserved')
      .values({ started_at: Number(last), ended_at: nowMs })
      .onConflict((conflict) => conflict.column('started_at').doNothing())
      .execute();
  }
  await trx
    .deleteFrom('node')
    .where('last_alive_at', '<', nowMs - FORGET_NODE_MS)
    .execute();
  const listening = { listening_since: nowMs, last_alive_at: nowMs, stopped_at: null };
  await trx
    .insertInto('node')
    .values({ node, ...listening, accepted: 0, refused: 0, not_recorded: 0 })
    .onConflict((conflict) => conflict.column('node').doUpdateSet(listening))
    .execute();
}

export interface NodeActivity {
  accepted: number;
  refused: number;
  notRecorded: number;
}

/** Notes that a node is alive, and adds what it did since the last time. */
export async function touchNode(
  db: Kysely<Database>,
  { node, nowMs, activity }: { node: string; nowMs: number; activity: NodeActivity },
): Promise<void> {
  await db
    .updateTable('node')
    .set((eb) => ({
      last_alive_at: nowMs,
      accepted: eb('accepted', '+', activity.accepted),
      refused: eb('refused', '+', activity.refused),
      not_recorded: eb('not_recorded', '+', activity.notRecorded),
    }))
    .where('node', '=', node)
    .execute();
}

/** Notes that a node ends, so that the time from now on counts as not observed. */
export async function stopNode(
  db: Kysely<Database>,
  { node, nowMs }: { node: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable('node')
    .set({ stopped_at: nowMs, last_alive_at: nowMs })
    .where('node', '=', node)
    .execute();
}

/** All server nodes, the busiest question being which of them live. */
export async function listNodes(db: Kysely<Database>): Promise<ServerNode[]> {
  return await db.selectFrom('node').selectAll().orderBy('node').execute();
}

/** The times in which nobody listened, in order, as far back as `sinceMs`. */
export async function listUnobserved(db: Kysely<Database>, sinceMs: number): Promise<Unobserved[]> {
  return await db
    .selectFrom('unobserved')
    .selectAll()
    .where('ended_at', '>', sinceMs)
    .orderBy('started_at')
    .execute();
}
