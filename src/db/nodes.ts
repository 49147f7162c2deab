/** Server nodes: who listens, who did, and the time in which nobody did. */
import type { Kysely, Transaction } from 'kysely';
import type { Database, ServerNode, Unobserved } from './schema.ts';

/** A node that stopped this long ago is forgotten when another one starts. */
const FORGET_NODE_MS = 7 * 86_400_000;

/** Unobserved time matters this long: history is kept no longer. */
const KEEP_UNOBSERVED_MS = 400 * 86_400_000;

/** After a clean stop a shorter break (a restart) is not worth a row: no overdue limit is that short. */
const SHORTEST_BREAK_MS = 1_000;

/** A living node gives a sign of life every five seconds; only one that fails to do so is taken for silent. */
export const NODE_SILENCE_MS = 15_000;

/** Stretches this near to each other become one, so that a server that restarts in a loop makes one row. */
const JOINED_WITHIN_MS = 10_000;

interface NodeAt {
  node: string;
  nowMs: number;
}

export interface NodeStart extends NodeAt {
  /** Its default overdue limit. */
  overdueAfterMs: number;
}

/**
 * Notes that a node listens from now on. If none did until now, the time since the last sign of
 * life of any node is noted as not observed.
 */
export async function registerNode(
  trx: Transaction<Database>,
  { node, nowMs, overdueAfterMs }: NodeStart,
): Promise<void> {
  const last = await trx
    .selectFrom('node')
    .select(['last_alive_at', 'stopped_at'])
    .orderBy('last_alive_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const longestMs = last?.stopped_at === null ? NODE_SILENCE_MS : SHORTEST_BREAK_MS;
  if (last && nowMs - last.last_alive_at > longestMs) {
    await addUnobserved(trx, { started_at: last.last_alive_at, ended_at: nowMs });
  }
  await forgetOld(trx, nowMs);
  const nothing = { accepted: 0, refused: 0, notRecorded: 0 };
  await touchNode(trx, { node, nowMs, overdueAfterMs, listeningSinceMs: nowMs, activity: nothing });
}

export interface NodeActivity {
  accepted: number;
  refused: number;
  notRecorded: number;
}

export interface NodeTouch extends NodeStart {
  listeningSinceMs: number;
  activity: NodeActivity;
}

/**
 * Notes that a node is alive, and adds what it did since the last time. It also puts right what
 * another process wrote under the same name, such as a second start on the same port that failed.
 */
export async function touchNode(
  db: Kysely<Database>,
  { node, nowMs, overdueAfterMs, listeningSinceMs, activity }: NodeTouch,
): Promise<void> {
  const alive = {
    listening_since: listeningSinceMs,
    last_alive_at: nowMs,
    stopped_at: null,
    overdue_after_ms: overdueAfterMs,
  };
  const { accepted, refused, notRecorded } = activity;
  await db
    .insertInto('node')
    .values({ node, ...alive, accepted, refused, not_recorded: notRecorded })
    .onConflict((conflict) =>
      conflict.column('node').doUpdateSet((eb) => ({
        ...alive,
        accepted: eb('node.accepted', '+', accepted),
        refused: eb('node.refused', '+', refused),
        not_recorded: eb('node.not_recorded', '+', notRecorded),
      })),
    )
    .execute();
}

/** Notes that a node ends, so that the time from now on counts as not observed. */
export async function stopNode(
  db: Kysely<Database>,
  { node, nowMs, listeningSinceMs }: NodeAt & Pick<NodeTouch, 'listeningSinceMs'>,
): Promise<void> {
  await db
    .updateTable('node')
    .set({ stopped_at: nowMs, last_alive_at: nowMs })
    .where('node', '=', node)
    .where('listening_since', '=', listeningSinceMs)
    .execute();
}

/** The nodes that have not stopped and gave a sign of life just now, by name. */
export async function listLivingNodes(db: Kysely<Database>, nowMs: number): Promise<ServerNode[]> {
  return await db
    .selectFrom('node')
    .selectAll()
    .where('stopped_at', 'is', null)
    .where('last_alive_at', '>', nowMs - NODE_SILENCE_MS)
    .orderBy('node')
    .execute();
}

/** One of them, or undefined. */
export async function findLivingNode(
  db: Kysely<Database>,
  nowMs: number,
): Promise<ServerNode | undefined> {
  return (await listLivingNodes(db, nowMs))[0];
}

/**
 * Notes the time since `sinceMs`, in which this node gave no sign of life, as not observed, unless
 * another node did. Returns whether there was such a time.
 */
export async function noteSilence(
  db: Kysely<Database>,
  { node, sinceMs, nowMs }: NodeAt & { sinceMs: number },
): Promise<boolean> {
  const { last } = await db
    .selectFrom('node')
    .select((eb) => eb.fn.max('last_alive_at').as('last'))
    .where('node', '!=', node)
    .executeTakeFirstOrThrow();
  const started_at = Math.max(sinceMs, Number(last ?? 0));
  if (nowMs - started_at <= NODE_SILENCE_MS) return false;
  await addUnobserved(db, { started_at, ended_at: nowMs });
  return true;
}

/** The times in which nobody listened, in order. */
export async function listUnobserved(db: Kysely<Database>): Promise<Unobserved[]> {
  return await db.selectFrom('unobserved').selectAll().orderBy('started_at').execute();
}

async function addUnobserved(db: Kysely<Database>, added: Unobserved): Promise<void> {
  const near = await db
    .selectFrom('unobserved')
    .selectAll()
    .where('started_at', '<=', added.ended_at + JOINED_WITHIN_MS)
    .where('ended_at', '>=', added.started_at - JOINED_WITHIN_MS)
    .execute();
  const starts = near.map(({ started_at }) => started_at);
  if (starts.length > 0) {
    await db.deleteFrom('unobserved').where('started_at', 'in', starts).execute();
  }
  const joined = {
    started_at: Math.min(added.started_at, ...starts),
    ended_at: Math.max(added.ended_at, ...near.map(({ ended_at }) => ended_at)),
  };
  await db
    .insertInto('unobserved')
    .values(joined)
    .onConflict((conflict) => conflict.column('started_at').doUpdateSet(joined))
    .execute();
}

async function forgetOld(trx: Transaction<Database>, nowMs: number): Promise<void> {
  await trx
    .deleteFrom('node')
    .where('last_alive_at', '<', nowMs - FORGET_NODE_MS)
    .execute();
  await trx
    .deleteFrom('unobserved')
    .where('ended_at', '<', nowMs - KEEP_UNOBSERVED_MS)
    .execute();
}
