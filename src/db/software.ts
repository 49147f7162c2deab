/** Reading software instances with all that is known of their current state. */
import { type Kysely, sql } from 'kysely';
import { WARNING_ENDS_AFTER_MS } from '../domain/episodes.ts';
import { matchText } from './match-text.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from './page.ts';
import type { Database } from './schema.ts';

/** An instance as it is shown; what it has not told is null. */
export interface SoftwareItem {
  customer: string;
  machine: string;
  software: string;
  version: string | null;
  uptime_seconds: number | null;
  pid: number | null;
  ips: string[] | null;
  hostname: string | null;
  os: string | null;
  up_since: number | null;
  last_heartbeat_at: number | null;
  clock_skew_ms: number | null;
  status: string | null;
  status_message: string | null;
  status_since: number | null;
  snapshot: Record<string, unknown> | null;
  /** Open diagnostics of severity 2, the acknowledged among them, and of severity 1. */
  open_errors: number;
  acknowledged_errors: number;
  open_warnings: number;
  /** When two senders that use this path were last seen to alternate. */
  two_senders_at: number | null;
  first_seen_at: number;
  last_seen_at: number;
}

export interface SoftwareFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  software?: string | undefined;
  /** Part of the path, or of the host name or an address that the instance told. */
  search?: string | undefined;
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
): Promise<Page<SoftwareItem>> {
  const after = decodeCursor(cursor, CURSOR);
  let query = selectSoftware(db, filter)
    .orderBy('instance.customer')
    .orderBy('instance.machine')
    .orderBy('instance.software');
  if (after) {
    const path = sql`(instance.customer, instance.machine, instance.software)`;
    query = query.where(sql<boolean>`${path} > (${sql.join(after)})`);
  }
  if (limit !== undefined) query = query.limit(limit + 1);
  const page = cutPage(await query.execute(), limit, ({ customer, machine, software }) => [
    customer,
    machine,
    software,
  ]);
  return { ...page, items: page.items.map(toItem) };
}

/** How many instances match. */
export async function countSoftware(db: Kysely<Database>, filter: SoftwareFilter): Promise<number> {
  const { total } = await filterSoftware(db, filter)
    .select((eb) => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** One instance, also of a deactivated customer; undefined where there is none. */
export async function getSoftware(
  db: Kysely<Database>,
  { customer, machine, software }: { customer: string; machine: string; software: string },
  nowMs: number,
): Promise<SoftwareItem | undefined> {
  const filter = { customer, machine, software, nowMs, includeDeactivated: true };
  const row = await selectSoftware(db, filter).executeTakeFirst();
  return row && toItem(row);
}

function selectSoftware(db: Kysely<Database>, filter: SoftwareFilter) {
  return filterSoftware(db, filter).select([
    'instance.customer',
    'instance.machine',
    'instance.software',
    'instance.version',
    'instance.uptime_seconds',
    'instance.pid',
    'host.ips',
    'host.hostname',
    'host.os',
    'instance.up_since',
    'instance.last_beat_at as last_heartbeat_at',
    'instance.clock_skew_ms',
    'instance.status',
    'detail.message as status_message',
    'instance.status_since',
    'detail.snapshot',
    'instance.open_errors',
    'instance.acknowledged_errors',
    countOpenWarnings(filter.nowMs).as('open_warnings'),
    'instance.two_senders_at',
    'instance.first_seen_at',
    'instance.last_seen_at',
  ]);
}

// The instance's own count still has the warnings that ended because they were not repeated.
function countOpenWarnings(nowMs: number) {
  return sql<number>`case when instance.open_warnings = 0 then 0 else (
    select count(*) from diagnostic as d
    where d.customer = instance.customer and d.machine = instance.machine
      and d.software = instance.software and d.severity = 1
      and d.last_at >= ${nowMs - WARNING_ENDS_AFTER_MS}) end`;
}

function filterSoftware(db: Kysely<Database>, filter: SoftwareFilter) {
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

type Row = Omit<SoftwareItem, 'ips' | 'snapshot'> & { ips: string | null; snapshot: string | null };

function toItem(row: Row): SoftwareItem {
  const { ips, snapshot, open_warnings } = row;
  return {
    ...row,
    ips: ips === null ? null : JSON.parse(ips),
    snapshot: snapshot === null ? null : JSON.parse(snapshot),
    open_warnings: Number(open_warnings),
  };
}
