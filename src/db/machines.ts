/** Reading machines: what has registered, by customer, with the light of each. */
import { type Kysely, sql } from 'kysely';
import { findOverdueLimit, type Health } from '../domain/health/judge.ts';
import type { Light } from '../domain/health/light.ts';
import { explainNode } from '../domain/health/reasons.ts';
import { readFleet } from './health/fleet.ts';
import { matchText } from './match-text.ts';
import {
  type CountedPage,
  countPage,
  cutPage,
  decodeCursor,
  type PageRequest,
  skipThrough,
} from './page.ts';
import type { Database } from './schema.ts';

export interface MachineItem {
  customer: string;
  machine: string;
  health: Health;
  software_count: number;
  first_seen_at: number;
  /** Receipt of the last accepted message of any of its instances; null where it has none. */
  last_seen_at: number | null;
  /** Its own overdue limit, that of its customer, and the one that counts for instances without one. */
  overdue_after_ms: number | null;
  customer_overdue_after_ms: number | null;
  effective_overdue_after_ms: number;
}

export interface MachineFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  /** Part of a machine's slug, or of a host name or address that one of its instances told. */
  search?: string | undefined;
  /** Only those that show one of these lights. */
  health?: readonly Light[] | undefined;
  /** Also those of deactivated customers. */
  includeDeactivated?: boolean;
  nowMs: number;
}

/** What the table of machines itself can tell. */
type RowFilter = Omit<MachineFilter, 'health' | 'nowMs'>;

type Cursor = readonly [customer: string, machine: string];

/** The machines that match, by key. */
export async function listMachines(
  db: Kysely<Database>,
  filter: MachineFilter,
  { limit, cursor }: PageRequest = {},
): Promise<CountedPage<MachineItem>> {
  const after = decodeCursor(cursor, ['', ''] as const);
  const { health, nowMs } = filter;
  if (health === undefined) {
    const rows = await readRows(db, filter, { after, limit });
    const page = cutPage(await judgeRows(db, rows, nowMs), limit, keyOf);
    return await countPage(page, () => countMachines(db, filter));
  }
  const all = await judgeRows(db, await readRows(db, filter, {}), nowMs);
  const matching = all.filter((item) => health.includes(item.health.light));
  const page = cutPage(skipThrough(matching, after, keyOf), limit, keyOf);
  return await countPage(page, () => matching.length);
}

/** How many machines match, of whatever light. */
export async function countMachines(db: Kysely<Database>, filter: RowFilter): Promise<number> {
  const { total } = await filterMachines(db, filter)
    .select((eb) => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** One machine, also of a deactivated customer; undefined where there is none. */
export async function getMachine(
  db: Kysely<Database>,
  { customer, machine }: { customer: string; machine: string },
  nowMs: number,
): Promise<MachineItem | undefined> {
  const filter = { customer, machine, includeDeactivated: true };
  const [item] = await judgeRows(db, await readRows(db, filter, {}), nowMs);
  return item;
}

type Row = Awaited<ReturnType<typeof readRows>>[number];

async function readRows(
  db: Kysely<Database>,
  filter: RowFilter,
  { after, limit }: { after?: Cursor | undefined; limit?: number | undefined },
) {
  let query = filterMachines(db, filter)
    .select([
      'machine.customer',
      'machine.machine',
      'machine.instances as software_count',
      'machine.first_seen_at',
      'machine.overdue_after_ms',
      'customer.overdue_after_ms as customer_overdue_after_ms',
    ])
    .orderBy('machine.customer')
    .orderBy('machine.machine');
  if (after) {
    const [customer, machine] = after;
    query = query.where(
      sql<boolean>`(machine.customer, machine.machine) > (${customer}, ${machine})`,
    );
  }
  if (limit !== undefined) query = query.limit(limit + 1);
  return await query.execute();
}

/** Adds what follows from the instances: those of all these machines are read in one pass. */
async function judgeRows(
  db: Kysely<Database>,
  rows: readonly Row[],
  nowMs: number,
): Promise<MachineItem[]> {
  const [from, to] = [rows[0], rows.at(-1)];
  if (!from || !to) return [];
  const reading = await readFleet(db, { range: { from, to }, includeDeactivated: true, nowMs });
  return rows.map((row) => toItem(row, reading));
}

function toItem(row: Row, { fleet, watch }: Awaited<ReturnType<typeof readFleet>>): MachineItem {
  const node = fleet.customers.get(row.customer)?.machines.get(row.machine);
  const seen = (node?.software ?? []).map(({ state }) => state.last_seen_at);
  const limits = { ...row, overdue_after_ms: null, machine_overdue_after_ms: row.overdue_after_ms };
  return {
    ...row,
    health: { light: node?.light ?? 'grey', reasons: node ? explainNode(node, watch) : [] },
    last_seen_at: seen.length === 0 ? null : Math.max(...seen),
    effective_overdue_after_ms: findOverdueLimit(limits, watch),
  };
}

function keyOf({ customer, machine }: MachineItem): Cursor {
  return [customer, machine];
}

function filterMachines(db: Kysely<Database>, filter: RowFilter) {
  const { customer, machine, search, includeDeactivated = false } = filter;
  let query = db
    .selectFrom('machine')
    .innerJoin('customer', 'customer.slug', 'machine.customer')
    .$if(!includeDeactivated, (all) => all.where('customer.deactivated_at', 'is', null));
  if (customer !== undefined) query = query.where('machine.customer', '=', customer);
  if (machine !== undefined) query = query.where('machine.machine', '=', machine);
  if (search !== undefined) query = query.where(matchSearch(search));
  return query;
}

function matchSearch(search: string) {
  return sql<boolean>`(${matchText('machine.machine', search)} or exists (
    select 1 from instance_host as h
    where h.customer = machine.customer and h.machine = machine.machine
      and (${matchText('h.hostname', search)} or ${matchText('h.ips', search)})))`;
}
