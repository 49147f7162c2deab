/** Reading machines: what has registered, by customer. */
import { type Kysely, sql } from 'kysely';
import { matchText } from './match-text.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from './page.ts';
import type { Database } from './schema.ts';

export interface MachineItem {
  customer: string;
  machine: string;
  software_count: number;
  first_seen_at: number;
  /** Receipt of the last accepted message of any of its instances; null where it has none. */
  last_seen_at: number | null;
}

export interface MachineFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  /** Part of a machine's slug, or of a host name or address that one of its instances told. */
  search?: string | undefined;
  /** Also those of deactivated customers. */
  includeDeactivated?: boolean;
}

/** The machines that match, by key. */
export async function listMachines(
  db: Kysely<Database>,
  filter: MachineFilter = {},
  { limit, cursor }: PageRequest = {},
): Promise<Page<MachineItem>> {
  const after = decodeCursor(cursor, ['', ''] as const);
  let query = selectMachines(db, filter).orderBy('machine.customer').orderBy('machine.machine');
  if (after) {
    const [customer, machine] = after;
    query = query.where(
      sql<boolean>`(machine.customer, machine.machine) > (${customer}, ${machine})`,
    );
  }
  if (limit !== undefined) query = query.limit(limit + 1);
  return cutPage(await query.execute(), limit, ({ customer, machine }) => [customer, machine]);
}

/** How many machines match. */
export async function countMachines(db: Kysely<Database>, filter: MachineFilter): Promise<number> {
  const { total } = await filterMachines(db, filter)
    .select((eb) => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** One machine, also of a deactivated customer; undefined where there is none. */
export async function getMachine(
  db: Kysely<Database>,
  { customer, machine }: { customer: string; machine: string },
): Promise<MachineItem | undefined> {
  const filter = { customer, machine, includeDeactivated: true };
  return await selectMachines(db, filter).executeTakeFirst();
}

function selectMachines(db: Kysely<Database>, filter: MachineFilter) {
  return filterMachines(db, filter).select((eb) => [
    'machine.customer',
    'machine.machine',
    'machine.instances as software_count',
    'machine.first_seen_at',
    eb
      .selectFrom('instance')
      .whereRef('instance.customer', '=', 'machine.customer')
      .whereRef('instance.machine', '=', 'machine.machine')
      .select(({ fn }) => fn.max('instance.last_seen_at').as('last'))
      .as('last_seen_at'),
  ]);
}

function filterMachines(db: Kysely<Database>, filter: MachineFilter) {
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
