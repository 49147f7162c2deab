/** Reading what health follows from: one pass over the current state of a whole fleet, or a part of it. */
import { type Kysely, sql } from 'kysely';
import { isExpiredWarning, summarizeDiagnostics } from '../../domain/diagnostics/summary.ts';
import type { FleetState } from '../../domain/health/fleet.ts';
import { hasOpenWarning, isBadStatus } from '../../domain/health/judge.ts';
import { selectByKey } from '../bulk/statements.ts';
import { DIAGNOSTICS, INSTANCES, STATUSES } from '../bulk/tables.ts';
import type { Database, Diagnostic, Instance, InstanceStatus } from '../schema.ts';

/** An instance with what a list of the fleet shows besides its light. */
export interface StateRow extends FleetState {
  version: string | null;
  last_seen_at: number;
}

export interface StateScope {
  /** Of these customers; what other customers have is left out. */
  customers: readonly StateCustomer[];
  machine?: string | undefined;
  software?: string | undefined;
  /** Only machines from this one to that one, both included, in the order of their keys. */
  range?: { from: MachineKey; to: MachineKey } | undefined;
  /** Only what was accepted from at or after this instant. */
  seenSinceMs?: number | undefined;
  /** Decides which warnings are still open. */
  nowMs: number;
  /** How many are read at once. */
  pageRows?: number;
}

type PathKey = Pick<Instance, 'customer' | 'machine' | 'software'>;
type MachineKey = Pick<PathKey, 'customer' | 'machine'>;

export interface StateCustomer {
  slug: string;
  overdue_after_ms: number | null;
}

/** Few enough that no read transaction stays open for long, and many enough that a page costs little. */
const PAGE_ROWS = 4_000;

/** Up to this many customers are looked up by name; of more, the whole table is read in order. */
const MOST_NAMED = 20;

/** Yields the instances by path, in pages. */
export async function* readStates(
  db: Kysely<Database>,
  scope: StateScope,
): AsyncGenerator<StateRow[]> {
  const { customers, pageRows = PAGE_ROWS } = scope;
  if (customers.length === 0) return;
  const limits = new Map(customers.map((each) => [each.slug, each.overdue_after_ms]));
  let after: PathKey | undefined;
  do {
    const upTo =
      scope.seenSinceMs === undefined ? undefined : await findPageEnd(db, after, pageRows);
    const rows = await readPage(db, { ...scope, pageRows, upTo }, after);
    after = upTo ?? (rows.length < pageRows ? undefined : rows.at(-1));
    const states = rows.filter(({ customer }) => limits.has(customer));
    for (const state of states)
      state.customer_overdue_after_ms = limits.get(state.customer) ?? null;
    await addStatusMessages(db, states);
    await endWarnings(db, states, scope.nowMs);
    yield states;
  } while (after);
}

/** What an instance's own row knows of its state. */
export const STATE_COLUMNS = [
  'customer',
  'machine',
  'software',
  'version',
  'last_seen_at',
  'up_since',
  'last_beat_at',
  'status',
  'status_since',
  'status_last_at',
  'open_errors',
  'acknowledged_errors',
  'open_warnings',
  'newest_warning_at',
  'worst_code',
  'worst_text',
  'worst_since',
  'two_senders_at',
  'overdue_after_ms',
  'machine_overdue_after_ms',
] as const satisfies readonly (keyof Instance)[];

/**
 * Where only what was seen lately is wanted, the rows of a page can be the only ones of the table:
 * then a page ends after so many rows that are looked at. Undefined for the last page.
 */
async function findPageEnd(
  db: Kysely<Database>,
  after: PathKey | undefined,
  pageRows: number,
): Promise<PathKey | undefined> {
  const query = db
    .selectFrom('instance')
    .select(['customer', 'machine', 'software'])
    .orderBy('customer')
    .orderBy('machine')
    .orderBy('software')
    .limit(1)
    .offset(pageRows - 1);
  return await (after ? query.where(compareKey('>', after)) : query).executeTakeFirst();
}

function compareKey(operator: '>' | '<=', { customer, machine, software }: PathKey) {
  const key = sql.join([customer, machine, software]);
  return sql<boolean>`(customer, machine, software) ${sql.raw(operator)} (${key})`;
}

async function readPage(
  db: Kysely<Database>,
  scope: StateScope & { pageRows: number; upTo: PathKey | undefined },
  after: PathKey | undefined,
): Promise<StateRow[]> {
  const { customers, machine, software, range, seenSinceMs, pageRows, upTo } = scope;
  let query = db
    .selectFrom('instance')
    .select(STATE_COLUMNS)
    // Filled in later, in the row itself: a copy of each would take as long as half of the reading.
    .select([
      sql<string | null>`null`.as('status_message'),
      sql<number | null>`null`.as('customer_overdue_after_ms'),
    ])
    .orderBy('customer')
    .orderBy('machine')
    .orderBy('software')
    .limit(pageRows);
  if (customers.length <= MOST_NAMED) {
    const slugs = customers.map(({ slug }) => slug);
    query = query.where('customer', 'in', slugs);
  }
  if (machine !== undefined) query = query.where('machine', '=', machine);
  if (software !== undefined) query = query.where('software', '=', software);
  if (seenSinceMs !== undefined) query = query.where('last_seen_at', '>=', seenSinceMs);
  if (range) {
    const [from, to] = [range.from, range.to].map((key) => sql.join([key.customer, key.machine]));
    query = query.where(sql<boolean>`(customer, machine) between (${from}) and (${to})`);
  }
  if (after) query = query.where(compareKey('>', after));
  if (upTo) query = query.where(compareKey('<=', upTo));
  return await query.execute();
}

/** Adds what the device said with its status, for those few of which it is told. */
async function addStatusMessages(db: Kysely<Database>, states: readonly StateRow[]): Promise<void> {
  const speaking = new Map(states.filter(isBadStatus).map((state) => [keyOf(state), state]));
  for (const row of await readSideRows<InstanceStatus>(db, STATUSES, [...speaking.values()])) {
    const state = speaking.get(keyOf(row));
    if (state) state.status_message = row.message;
  }
}

type WarningState = PathKey & Pick<StateRow, 'open_warnings' | 'newest_warning_at'>;

/**
 * Takes those warnings out of the states that ended of themselves, which the counts of the row do
 * not know: where there are several, some may have.
 */
export async function endWarnings(
  db: Kysely<Database>,
  states: readonly WarningState[],
  nowMs: number,
): Promise<void> {
  for (const state of states) if (!hasOpenWarning(state, { nowMs })) state.open_warnings = 0;
  const several = states.filter(({ open_warnings }) => open_warnings > 1);
  const warned = new Map(several.map((state) => [keyOf(state), state]));
  const diagnostics = await readSideRows<Diagnostic>(db, DIAGNOSTICS, several);
  for (const [key, rows] of Map.groupBy(diagnostics, keyOf)) {
    const isEnded = rows.some((row) => isExpiredWarning(row, nowMs));
    if (isEnded) Object.assign(warned.get(key) ?? {}, summarizeDiagnostics(rows, nowMs));
  }
}

async function readSideRows<SideRow>(
  db: Kysely<Database>,
  table: typeof STATUSES | typeof DIAGNOSTICS,
  keys: readonly PathKey[],
): Promise<SideRow[]> {
  if (keys.length === 0) return [];
  const paths = keys.map(({ customer, machine, software }) => ({ customer, machine, software }));
  return await selectByKey<SideRow>(db, table, { keys: paths, keyColumns: INSTANCES.key });
}

function keyOf({ customer, machine, software }: PathKey): string {
  return `${customer}/${machine}/${software}`;
}
