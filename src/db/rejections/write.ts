/** Writing the rejection log: one open row an episode, and a bound on the whole. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { REJECTION_ENDS_AFTER_MS } from '../../domain/time/episodes.ts';
import { createTimeOrderedId } from '../../domain/time/time-ordered-id.ts';
import { type BulkTable, deleteByKey, jsonRows, upsertRows } from '../bulk/statements.ts';
import { dialectOf } from '../connection/dialect.ts';
import type { Database, Rejection } from '../schema.ts';

/** Refusals of one identity, as they are added to the log; its errors are JSON text. */
export type RecordedRejection = Omit<Rejection, 'slot' | 'id' | 'bytes'>;

/** How large the log may become; the rows that were not repeated for longest go first. */
export interface RejectionLogLimits {
  maxRows: number;
  maxBytes: number;
}

/** A new row makes room for itself and at most for this many times as many. */
const PRUNED_FOR_EACH = 2;
const PRUNED_AT_LEAST = 100;

type Key = Pick<Rejection, 'customer' | 'digest' | 'slot'>;
type OpenRow = Key & Pick<Rejection, 'last_at' | 'bytes'>;

/** Of what arrives later the latest is kept, of what arrives once the first. */
export const REJECTIONS: BulkTable<'rejection'> = {
  name: 'rejection',
  key: ['customer', 'digest', 'slot'],
  columns: {
    customer: 'text',
    digest: 'text',
    slot: 'int',
    id: 'text',
    reason: 'text',
    http_status: 'int',
    machine: 'text',
    software: 'text',
    endpoint: 'text',
    path: 'text',
    token_id: 'text',
    token_customer: 'text',
    token_form: 'text',
    address: 'text',
    detail: 'text',
    errors: 'text',
    payload: 'text',
    count: 'int',
    first_at: 'int',
    last_at: 'int',
    bytes: 'int',
  },
  merge: {
    id: 'rejection.id',
    count: 'rejection.count + excluded.count',
    first_at: 'rejection.first_at',
    last_at: `case when excluded.last_at > rejection.last_at
      then excluded.last_at else rejection.last_at end`,
  },
};

/**
 * Adds refusals to the log. One whose episode is open counts up in its row, which then shows the
 * latest payload; any other gets a row, and where the log is full the oldest make room. Safe with
 * several nodes: the open row is the one of slot 0, and the key has room for one.
 */
export async function writeRejections(
  trx: Transaction<Database>,
  batch: readonly RecordedRejection[],
  { nowMs, limits }: { nowMs: number; limits: RejectionLogLimits },
): Promise<void> {
  const rows = batch.map((row) => toStoredRow(row, nowMs)).sort(compareKeys);
  const open = await lockOpenRows(trx, rows);
  const stale = rows.filter((row) => isStale(open.get(keyOf(row)), row));
  if (stale.length > 0) await closeRows(trx, stale);
  await upsertRows(trx, REJECTIONS, rows);
  if (measureGrowth(rows, open) > 0 || stale.length > 0) {
    await prune(trx, limits, Math.max(PRUNED_AT_LEAST, rows.length * PRUNED_FOR_EACH));
  }
}

function toStoredRow(row: RecordedRejection, nowMs: number): Rejection {
  const texts = [row.payload, row.detail, row.errors];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return { ...row, slot: 0, id: createTimeOrderedId(nowMs), bytes };
}

/** By key, so that two nodes that write the same rows wait for each other and do not deadlock. */
function compareKeys(one: Key, two: Key): number {
  return keyOf(one) < keyOf(two) ? -1 : 1;
}

function keyOf({ customer, digest }: Pick<Key, 'customer' | 'digest'>): string {
  return `${customer} ${digest}`;
}

async function lockOpenRows(
  trx: Transaction<Database>,
  rows: readonly Key[],
): Promise<Map<string, OpenRow>> {
  const keys = jsonRows(trx, { customer: 'text', digest: 'text' }, rows.map(pickKey));
  const locking = sql.raw(dialectOf(trx) === 'postgres' ? 'for update of r' : '');
  const result = await sql<OpenRow>`
    select r.customer, r.digest, r.slot, r.last_at, r.bytes from ${keys} as k
    join rejection as r on r.customer = k.customer and r.digest = k.digest and r.slot = 0
    order by r.customer, r.digest ${locking}`.execute(trx);
  return new Map(result.rows.map((row) => [keyOf(row), row]));
}

function isStale(open: OpenRow | undefined, row: Rejection): boolean {
  return open !== undefined && row.first_at - open.last_at > REJECTION_ENDS_AFTER_MS;
}

/** Moves open rows out of slot 0: to their start, or behind the last one where a clock went back. */
async function closeRows(trx: Transaction<Database>, rows: readonly Key[]): Promise<void> {
  const keys = jsonRows(trx, { customer: 'text', digest: 'text' }, rows.map(pickKey));
  await sql`
    update rejection set slot = (
      select case when rejection.first_at > max(o.slot) then rejection.first_at
        else max(o.slot) + 1 end
      from rejection as o
      where o.customer = rejection.customer and o.digest = rejection.digest)
    where slot = 0 and (customer, digest) in (
      select customer, digest from ${keys} as k)`.execute(trx);
}

function pickKey({ customer, digest }: Key): Pick<Key, 'customer' | 'digest'> {
  return { customer, digest };
}

/** Rows and bytes that came in addition: only then can the log have become too large. */
function measureGrowth(rows: readonly Rejection[], open: ReadonlyMap<string, OpenRow>): number {
  const growths = rows.map((row) => {
    const known = open.get(keyOf(row));
    return known ? Math.max(0, row.bytes - known.bytes) : 1 + row.bytes;
  });
  return growths.reduce((sum, growth) => sum + growth, 0);
}

/** Deletes as many of the oldest rows as are too many, but at most `most` in one go. */
async function prune(
  trx: Transaction<Database>,
  limits: RejectionLogLimits,
  most: number,
): Promise<void> {
  const total = await measureLog(trx);
  const tooMany = { rows: total.rows - limits.maxRows, bytes: total.bytes - limits.maxBytes };
  if (tooMany.rows <= 0 && tooMany.bytes <= 0) return;
  const oldest = await trx
    .selectFrom('rejection')
    .select(['customer', 'digest', 'slot', 'bytes'])
    .orderBy('last_at')
    .limit(most)
    .execute();
  await deleteByKey(trx, REJECTIONS, pickExcess(oldest, tooMany));
}

async function measureLog(db: Kysely<Database>): Promise<{ rows: number; bytes: number }> {
  const { rows, bytes } = await db
    .selectFrom('rejection')
    .select((eb) => [eb.fn.countAll().as('rows'), eb.fn.sum('bytes').as('bytes')])
    .executeTakeFirstOrThrow();
  return { rows: Number(rows), bytes: Number(bytes ?? 0) };
}

function pickExcess<Row extends { bytes: number }>(
  oldest: readonly Row[],
  tooMany: { rows: number; bytes: number },
): Row[] {
  let bytes = 0;
  return oldest.filter((row, index) => {
    const isExcess = index < tooMany.rows || bytes < tooMany.bytes;
    bytes += row.bytes;
    return isExcess;
  });
}
