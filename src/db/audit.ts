/** The audit trail: who changed what, written in the transaction of the change. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { createTimeOrderedId } from '../domain/time/time-ordered-id.ts';
import type { Change } from './change.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from './page.ts';
import type { AuditEntry, Database } from './schema.ts';

export interface AuditedAction {
  /** Verb and noun, as typed: `customer create`. */
  action: string;
  customer: string;
  /** What was changed: a slug or a public id, never a secret. */
  subject: string;
  detail?: Record<string, unknown>;
}

/** Notes a change, to be committed with it. */
export async function appendAudit(
  trx: Transaction<Database>,
  { detail, ...action }: AuditedAction,
  { nowMs, actor }: Change,
): Promise<void> {
  const text = detail === undefined ? null : JSON.stringify(detail);
  const row = { ...action, id: createTimeOrderedId(nowMs), at: nowMs, actor, detail: text };
  await trx.insertInto('audit').values(row).execute();
}

export interface AuditFilter {
  customer?: string | undefined;
  since?: number | undefined;
}

/** The entries that match, newest first. */
export async function listAudit(
  db: Kysely<Database>,
  filter: AuditFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<AuditEntry>> {
  const before = decodeCursor(cursor, [0, ''] as const);
  let query = filterAudit(db, filter).selectAll().orderBy('at', 'desc').orderBy('id', 'desc');
  if (before) query = query.where(sql<boolean>`(at, id) < (${before[0]}, ${before[1]})`);
  if (limit !== undefined) query = query.limit(limit + 1);
  return cutPage(await query.execute(), limit, ({ at, id }) => [at, id]);
}

/** How many entries match. */
export async function countAudit(db: Kysely<Database>, filter: AuditFilter): Promise<number> {
  const query = filterAudit(db, filter).select((eb) => eb.fn.countAll().as('total'));
  return Number((await query.executeTakeFirstOrThrow()).total);
}

/** The id of the newest entry, which changes with every change that an operator makes; null without any. */
export async function findNewestAuditId(db: Kysely<Database>): Promise<string | null> {
  const newest = await db
    .selectFrom('audit')
    .select('id')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.id ?? null;
}

function filterAudit(db: Kysely<Database>, { customer, since }: AuditFilter) {
  let query = db.selectFrom('audit');
  if (customer !== undefined) query = query.where('customer', '=', customer);
  if (since !== undefined) query = query.where('at', '>=', since);
  return query;
}
