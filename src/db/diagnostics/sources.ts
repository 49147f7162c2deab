/** Where diagnostics stand: the last words on each code, among them what is open, and closed episodes. */
import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { WARNING_ENDS_AFTER_MS } from '../../domain/time/episodes.ts';
import { matchText } from '../match-text.ts';
import type { Database, DiagnosticTable } from '../schema.ts';
import type { DiagnosticRow } from './entries.ts';

/** All that is given must apply; of a list one is enough. */
export interface DiagnosticFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  software?: string | undefined;
  customers?: readonly string[] | undefined;
  /** Above 0 unless given. With 0 also the last words on codes that are not open. */
  severities?: readonly number[] | undefined;
  codes?: readonly number[] | undefined;
  /** Each must stand somewhere in the path, the code, the module or the message. */
  words?: readonly string[] | undefined;
  /** Reported or closed at or after this instant. */
  sinceMs?: number | undefined;
  /** Also closed episodes. */
  includeClosed?: boolean | undefined;
  /** Also those of deactivated customers. */
  includeDeactivated?: boolean | undefined;
  /** Decides which warnings are still open. */
  nowMs: number;
}

/** A row of either source, with what lists are ordered by. */
export interface SourceRow extends DiagnosticRow {
  /** How bad it is: an unacknowledged error before an acknowledged one before a warning. */
  rank: number;
  /** When it was reported last, or closed. */
  at: number;
  /** 1 in the history: what closed and opened again within a millisecond is otherwise alike. */
  is_history: number;
}

const COLUMNS = [
  'd.customer',
  'd.machine',
  'd.software',
  'd.code',
  'd.module',
  'd.severity',
  'd.message',
  'd.context',
  'd.count',
  'd.opened_at',
  'd.last_at',
  'd.acknowledged_at',
  'd.acknowledged_by',
  'd.note',
] as const;

const RANK = sql<number>`d.severity * 2 + case when d.acknowledged_at is null then 1 else 0 end`;

/** The last words that match; a warning that ended of itself is closed, though no row says so yet. */
export function selectCurrent(db: Kysely<Database>, filter: DiagnosticFilter) {
  const isEnded = sql<SqlBool>`(d.severity = 1 and d.last_at < ${filter.nowMs - WARNING_ENDS_AFTER_MS})`;
  const end = sql<number>`d.last_at + ${WARNING_ENDS_AFTER_MS}`;
  const at = sql<number>`case when ${isEnded} then ${end} else d.last_at end`;
  return db
    .selectFrom('diagnostic as d')
    .select(COLUMNS)
    .select([
      sql<number | null>`case when ${isEnded} then ${end} end`.as('closed_at'),
      sql<string | null>`case when ${isEnded} then 'expiry' end`.as('closed_by'),
      sql<number>`1`.as('episodes'),
      at.as('at'),
      RANK.as('rank'),
      sql<number>`0`.as('is_history'),
    ])
    .where(matchAll(filter))
    .$if(!filter.includeClosed, (all) => all.where(sql<SqlBool>`not ${isEnded}`))
    .$if(filter.sinceMs !== undefined, (all) => all.where(at, '>=', filter.sinceMs ?? 0));
}

/** The closed episodes that match. */
export function selectClosed(db: Kysely<Database>, filter: DiagnosticFilter) {
  return db
    .selectFrom('diagnostic_history as d')
    .select(COLUMNS)
    .select(['d.closed_at', 'd.closed_by', 'd.episodes', 'd.closed_at as at'])
    .select([RANK.as('rank'), sql<number>`1`.as('is_history')])
    .where(matchAll(filter))
    .$if(filter.sinceMs !== undefined, (all) =>
      all.where('d.closed_at', '>=', filter.sinceMs ?? 0),
    );
}

const eb = expressionBuilder<{ d: DiagnosticTable }, 'd'>();

function matchAll(filter: DiagnosticFilter): Expression<SqlBool> {
  const { customers, severities = [1, 2], codes, words = [], includeDeactivated = false } = filter;
  const path = (['customer', 'machine', 'software'] as const).flatMap((part) => {
    const slug = filter[part];
    return slug === undefined ? [] : [eb(`d.${part}`, '=', slug)];
  });
  return eb.and([
    ...path,
    ...(customers ? [eb('d.customer', 'in', [...customers])] : []),
    ...(codes ? [eb('d.code', 'in', [...codes])] : []),
    ...words.map((word) => eb.or([isCode(word), ...TEXTS.map((name) => matchText(name, word))])),
    // In the very words of the index on what is open: no parameter tells that it suffices.
    ...(severities.includes(0) ? [] : [sql<SqlBool>`d.severity > 0`]),
    eb('d.severity', 'in', [...severities]),
    ...(includeDeactivated ? [] : [IS_ACTIVE]),
  ]);
}

const TEXTS = ['d.customer', 'd.machine', 'd.software', 'd.module', 'd.message'];

function isCode(word: string) {
  const code = /^-?\d{1,15}$/.test(word) ? Number(word) : null;
  return sql<boolean>`d.code = ${code}`;
}

// Asked for each row, so that no plan starts from the customers and reads all that they ever said.
const IS_ACTIVE = sql<SqlBool>`not exists (
  select 1 from customer as o where o.slug = d.customer and o.deactivated_at is not null)`;
