/** Reading the rejection log, and clearing it. */
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import type { Reason } from '../../domain/rejections/reasons.ts';
import { matchText } from '../match-text.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../page.ts';
import type { Database } from '../schema.ts';
import { explainRejections, type RejectionEntry, type RejectionRow } from './entries.ts';

/** All that is given must apply; of a list one is enough. */
export interface RejectionFilter {
  /** The customer in the path, or the token's. */
  customers?: readonly string[] | undefined;
  machines?: readonly string[] | undefined;
  software?: readonly string[] | undefined;
  reasons?: readonly Reason[] | undefined;
  addresses?: readonly string[] | undefined;
  /** Refused again at or after this instant. */
  sinceMs?: number | undefined;
  /** Each must stand somewhere in the reason, the path, the token's customer or the address. */
  words?: readonly string[] | undefined;
}

const CURSOR = [0, ''] as const;

/** The rejections that match, the one that was repeated last first. */
export async function listRejections(
  db: Kysely<Database>,
  filter: RejectionFilter,
  { limit, cursor }: PageRequest = {},
): Promise<Page<RejectionEntry>> {
  const after = decodeCursor(cursor, CURSOR);
  let query = selectRows(db)
    .where((eb) => matchAll(eb, filter))
    .orderBy('rejection.last_at', 'desc')
    .orderBy('rejection.id', 'desc');
  if (after) query = query.where((eb) => isAfter(eb, after));
  if (limit !== undefined) query = query.limit(limit + 1);
  const page = cutPage(await query.execute(), limit, (row) => [row.last_at, row.id]);
  return { ...page, items: await explainRejections(db, page.items) };
}

/** How many rejections match. */
export async function countRejections(
  db: Kysely<Database>,
  filter: RejectionFilter,
): Promise<number> {
  const { total } = await db
    .selectFrom('rejection')
    .select((eb) => eb.fn.countAll().as('total'))
    .where((eb) => matchAll(eb, filter))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** The rejection with this id, or undefined. */
export async function getRejection(
  db: Kysely<Database>,
  id: string,
): Promise<RejectionEntry | undefined> {
  return (await getRejections(db, [id]))[0];
}

/** The rejections with these ids, the one that was repeated last at the end. */
export async function getRejections(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<RejectionEntry[]> {
  if (ids.length === 0) return [];
  const rows = await selectRows(db)
    .where('rejection.id', 'in', [...ids])
    .orderBy('rejection.last_at')
    .orderBy('rejection.id')
    .execute();
  return await explainRejections(db, rows);
}

export async function listRejectionIds(db: Kysely<Database>): Promise<string[]> {
  const rows = await db.selectFrom('rejection').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** What shows that a rejection is new or was repeated. */
export interface RejectionCount {
  id: string;
  count: number;
}

/** Those of the matching rejections that were refused at or after an instant, by time. */
export async function listRejectionsChangedSince(
  db: Kysely<Database>,
  filter: RejectionFilter,
  sinceMs: number,
): Promise<RejectionCount[]> {
  return await db
    .selectFrom('rejection')
    .select(['id', 'count'])
    .where((eb) => matchAll(eb, filter))
    .where('last_at', '>=', sinceMs)
    .orderBy('last_at')
    .orderBy('id')
    .execute();
}

/** When the newest entry of the whole log was refused last; null where it is empty. */
export async function findNewestRejectionMs(db: Kysely<Database>): Promise<number | null> {
  const { newest } = await db
    .selectFrom('rejection')
    .select((eb) => eb.fn.max('last_at').as('newest'))
    .executeTakeFirstOrThrow();
  return newest === null ? null : Number(newest);
}

/** How many refusals all nodes together left out of the log, because they exceeded its bounds. */
export async function countNotRecorded(db: Kysely<Database>): Promise<number> {
  const { total } = await db
    .selectFrom('node')
    .select((eb) => eb.fn.sum('not_recorded').as('total'))
    .executeTakeFirstOrThrow();
  return Number(total ?? 0);
}

function selectRows(db: Kysely<Database>) {
  return db
    .selectFrom('rejection')
    .leftJoin('customer', 'customer.slug', 'rejection.customer')
    .leftJoin('instance', (join) =>
      join
        .onRef('instance.customer', '=', 'rejection.customer')
        .onRef('instance.machine', '=', 'rejection.machine')
        .onRef('instance.software', '=', 'rejection.software'),
    )
    .selectAll('rejection')
    .select([
      'customer.slug as known_customer',
      'customer.deactivated_at',
      'instance.last_seen_at as accepted_at',
      'instance.last_beat_at as heartbeat_at',
      'instance.status_last_at as status_at',
    ])
    .select((eb) =>
      eb
        .selectFrom('diagnostic')
        .whereRef('diagnostic.customer', '=', 'rejection.customer')
        .whereRef('diagnostic.machine', '=', 'rejection.machine')
        .whereRef('diagnostic.software', '=', 'rejection.software')
        .select(({ fn }) => fn.max('diagnostic.last_at').as('last'))
        .as('diagnostics_at'),
    )
    .select((eb) =>
      eb
        .selectFrom('token')
        .whereRef('token.customer', '=', 'rejection.token_customer')
        .whereRef('token.replaces', '=', 'rejection.token_id')
        .where('token.revoked_at', 'is', null)
        .select(({ fn }) => fn.max('token.id').as('id'))
        .as('successor'),
    )
    .$castTo<RejectionRow>();
}

type Builder = ExpressionBuilder<Database, 'rejection'>;
type Rejections = 'machine' | 'software' | 'reason' | 'address';

/** The condition under which a rejection matches the filter. */
export function matchAll(eb: Builder, filter: RejectionFilter): Expression<SqlBool> {
  const { customers, machines, software, reasons, addresses, sinceMs, words = [] } = filter;
  const conditions = [
    customers && matchCustomer(eb, customers),
    ...matchColumns(eb, { machine: machines, software, reason: reasons, address: addresses }),
    sinceMs === undefined ? undefined : eb('rejection.last_at', '>=', sinceMs),
    ...words.map((word) => eb.or(SEARCHED.map((column) => matchText(column, word)))),
  ];
  return eb.and(conditions.filter((condition) => condition !== undefined));
}

const SEARCHED = ['reason', 'customer', 'machine', 'software', 'token_customer', 'address'].map(
  (column) => `rejection.${column}`,
);

function matchCustomer(eb: Builder, customers: readonly string[]): Expression<SqlBool> {
  return eb.or([
    eb('rejection.customer', 'in', [...customers]),
    eb('rejection.token_customer', 'in', [...customers]),
  ]);
}

function matchColumns(
  eb: Builder,
  wanted: Record<Rejections, readonly string[] | undefined>,
): Expression<SqlBool>[] {
  return Object.entries(wanted).flatMap(([column, values]) =>
    values ? [eb(`rejection.${column as Rejections}`, 'in', [...values])] : [],
  );
}

function isAfter(eb: Builder, [lastAtMs, id]: readonly [number, string]): Expression<SqlBool> {
  return eb.or([
    eb('rejection.last_at', '<', lastAtMs),
    eb.and([eb('rejection.last_at', '=', lastAtMs), eb('rejection.id', '<', id)]),
  ]);
}
