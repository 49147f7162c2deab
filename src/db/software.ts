/** Reading software instances with all that is known of their current state, and the light it makes. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { findOverdueLimit, type Health, judgeHealth, judgeLight } from '../domain/health/judge.ts';
import type { Light } from '../domain/health/light.ts';
import type { Watch } from '../domain/health/watch.ts';
import { jsonRows } from './bulk/statements.ts';
import { listCustomers } from './customers/customers.ts';
import { endWarnings, readStates, STATE_COLUMNS, type StateRow } from './health/states.ts';
import { readWatch } from './health/watch.ts';
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

/** An instance as it is shown: its state, and what else it has told; null is what it has not. */
export interface SoftwareItem extends StateRow {
  health: Health;
  uptime_seconds: number | null;
  pid: number | null;
  ips: string[] | null;
  hostname: string | null;
  os: string | null;
  clock_skew_ms: number | null;
  snapshot: Record<string, unknown> | null;
  first_seen_at: number;
  /** Of its own limit and those of its machine and its customer the one that counts. */
  effective_overdue_after_ms: number;
}

export interface SoftwareFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  software?: string | undefined;
  /** Part of the path, or of the host name or an address that the instance told. */
  search?: string | undefined;
  /** Only those that show one of these lights. */
  health?: readonly Light[] | undefined;
  /** Also those of deactivated customers. */
  includeDeactivated?: boolean;
  /** Decides which warnings are still open. */
  nowMs: number;
}

const CURSOR = ['', '', ''] as const;

/** The instances that match, by path. */
export async function listSoftware(
  db: Kysely<Database>,
  filter: SoftwareFilter,
  { limit, cursor }: PageRequest = {},
): Promise<CountedPage<SoftwareItem>> {
  const after = decodeCursor(cursor, CURSOR);
  const watch = await readWatch(db, filter.nowMs);
  if (filter.health) {
    const all = await findByHealth(db, filter, watch);
    const { items: paths, next_cursor } = cutPage(skipThrough(all, after, keyOf), limit, keyOf);
    const items = await judgeRows(db, await readRowsOf(db, paths), watch);
    return await countPage({ items, next_cursor }, () => all.length);
  }
  const page = cutPage(await readRows(db, filter, { after, limit }), limit, keyOf);
  const items = await judgeRows(db, page.items, watch);
  return await countPage({ ...page, items }, () => countSoftware(db, filter));
}

/** How many instances match, of whatever light. */
export async function countSoftware(db: Kysely<Database>, filter: RowFilter): Promise<number> {
  const { total } = await filterSoftware(db, filter)
    .select((eb) => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** One instance, also of a deactivated customer; undefined where there is none. */
export async function getSoftware(
  db: Kysely<Database>,
  path: Path,
  nowMs: number,
): Promise<SoftwareItem | undefined> {
  const { customer, machine, software } = path;
  const filter = { customer, machine, software, includeDeactivated: true };
  const rows = await readRows(db, filter, {});
  const [item] = await judgeRows(db, rows, await readWatch(db, nowMs));
  return item;
}

type Path = Pick<SoftwareItem, 'customer' | 'machine' | 'software'>;
type Row = Awaited<ReturnType<typeof readRowsOf>>[number];

/** What the tables themselves can tell. */
type RowFilter = Omit<SoftwareFilter, 'health' | 'nowMs'>;

/**
 * The paths of those that show one of the lights, in order: the current state of all of them is read
 * for that, and the rest of what is known only of those that are shown.
 */
async function findByHealth(
  db: Kysely<Database>,
  { health = [], ...filter }: SoftwareFilter,
  watch: Watch,
): Promise<Path[]> {
  const { customer, includeDeactivated } = filter;
  const { items } = await listCustomers(db, { includeDeactivated });
  const customers = items.filter(({ slug }) => customer === undefined || slug === customer);
  const found = filter.search === undefined ? undefined : await findPaths(db, filter);
  const paths: Path[] = [];
  for await (const states of readStates(db, { ...filter, customers })) {
    for (const state of states) {
      const isWanted = health.includes(judgeLight(state, watch));
      if (isWanted && (found?.has(keyOf(state).join('/')) ?? true)) paths.push(state);
    }
  }
  return paths;
}

async function findPaths(db: Kysely<Database>, filter: RowFilter): Promise<Set<string>> {
  const rows = await filterSoftware(db, filter)
    .select(['instance.customer', 'instance.machine', 'instance.software'])
    .execute();
  return new Set(rows.map((row) => keyOf(row).join('/')));
}

async function readRows(
  db: Kysely<Database>,
  filter: RowFilter,
  { after, limit }: { after?: Key | undefined; limit?: number | undefined },
): Promise<Row[]> {
  let query = selectSoftware(db, filter);
  if (after) query = query.where(sql<boolean>`${PATH} > (${sql.join(after)})`);
  if (limit !== undefined) query = query.limit(limit + 1);
  return await query.execute();
}

async function readRowsOf(db: Kysely<Database>, paths: readonly Path[]) {
  if (paths.length === 0) return [];
  const columns = { customer: 'text', machine: 'text', software: 'text' } as const;
  const keys = paths.map(({ customer, machine, software }) => ({ customer, machine, software }));
  const list = sql`(select customer, machine, software from ${jsonRows(db, columns, keys)} as k)`;
  return await selectSoftware(db, { includeDeactivated: true })
    .where(sql<boolean>`${PATH} in ${list}`)
    .execute();
}

const PATH: RawBuilder<unknown> = sql`(instance.customer, instance.machine, instance.software)`;

function selectSoftware(db: Kysely<Database>, filter: RowFilter) {
  return filterSoftware(db, filter)
    .select(STATE_COLUMNS.map((column) => `instance.${column}` as const))
    .select([
      'instance.uptime_seconds',
      'instance.pid',
      'host.ips',
      'host.hostname',
      'host.os',
      'instance.clock_skew_ms',
      'detail.message as status_message',
      'detail.snapshot',
      'instance.first_seen_at',
      'owner.overdue_after_ms as customer_overdue_after_ms',
    ])
    .orderBy('instance.customer')
    .orderBy('instance.machine')
    .orderBy('instance.software');
}

function filterSoftware(db: Kysely<Database>, filter: RowFilter) {
  const { search, includeDeactivated = false } = filter;
  let query = db
    .selectFrom('instance')
    .innerJoin('customer as owner', 'owner.slug', 'instance.customer')
    .leftJoin('instance_host as host', (join) =>
      join
        .onRef('host.customer', '=', 'instance.customer')
        .onRef('host.machine', '=', 'instance.machine')
        .onRef('host.software', '=', 'instance.software'),
    )
    .leftJoin('instance_status as detail', (join) =>
      join
        .onRef('detail.customer', '=', 'instance.customer')
        .onRef('detail.machine', '=', 'instance.machine')
        .onRef('detail.software', '=', 'instance.software'),
    )
    .$if(!includeDeactivated, (all) => all.where('owner.deactivated_at', 'is', null));
  for (const part of ['customer', 'machine', 'software'] as const) {
    const slug = filter[part];
    if (slug !== undefined) query = query.where(`instance.${part}`, '=', slug);
  }
  return search === undefined ? query : query.where(matchSearch(search));
}

function matchSearch(search: string) {
  const columns = ['instance.machine', 'instance.software', 'host.hostname', 'host.ips'];
  return sql<boolean>`(${sql.join(
    columns.map((column) => matchText(column, search)),
    sql` or `,
  )})`;
}

async function judgeRows(
  db: Kysely<Database>,
  rows: readonly Row[],
  watch: Watch,
): Promise<SoftwareItem[]> {
  await endWarnings(db, rows, watch.nowMs);
  return rows.map((row) => toItem(row, watch));
}

function toItem(row: Row, watch: Watch): SoftwareItem {
  const { ips, snapshot } = row;
  return {
    ...row,
    health: judgeHealth(row, watch),
    ips: ips === null ? null : JSON.parse(ips),
    snapshot: snapshot === null ? null : JSON.parse(snapshot),
    effective_overdue_after_ms: findOverdueLimit(row, watch),
  };
}

type Key = readonly [customer: string, machine: string, software: string];

function keyOf({ customer, machine, software }: Path): Key {
  return [customer, machine, software];
}
