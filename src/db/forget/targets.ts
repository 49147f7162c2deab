/** What can be forgotten: machines or software instances, by path or by how long they are silent. */
import { type Kysely, sql } from 'kysely';
import { goBackObserved } from '../../domain/time/observed.ts';
import { listUnobserved } from '../nodes.ts';
import type { Database } from '../schema.ts';

export type ForgetLevel = 'machine' | 'software';

/** A machine with all that is on it, or one software instance. */
export interface ForgetTarget {
  customer: string;
  machine: string;
  /** Absent where the whole machine is meant. */
  software?: string;
  /** How many instances the machine has. */
  instances: number;
}

export interface TargetFilter {
  customer?: string | undefined;
  machine?: string | undefined;
  software?: string | undefined;
  /** Only what was last seen at this instant or before. */
  unseenSinceMs?: number | undefined;
}

/**
 * The machines or instances that match, by key. Those of deactivated customers only where the
 * customer is named: their data is kept, and none of them could have been seen.
 */
export async function listForgetTargets(
  db: Kysely<Database>,
  level: ForgetLevel,
  filter: TargetFilter,
): Promise<ForgetTarget[]> {
  return level === 'machine' ? await listMachines(db, filter) : await listSoftware(db, filter);
}

/**
 * The instant (epoch ms) since which something that was not seen for `durationMs` was not seen:
 * the time in which no server listened does not count.
 */
export async function findUnseenSince(
  db: Kysely<Database>,
  durationMs: number,
  nowMs: number,
): Promise<number> {
  const past = await listUnobserved(db);
  const { last } = await db
    .selectFrom('node')
    .select((eb) => eb.fn.max('last_alive_at').as('last'))
    .executeTakeFirstOrThrow();
  // Perhaps no server listens right now; a living one shows itself every few seconds.
  const present = last === null ? [] : [{ started_at: Number(last), ended_at: nowMs }];
  return goBackObserved(nowMs, durationMs, [...past, ...present]);
}

async function listMachines(db: Kysely<Database>, filter: TargetFilter): Promise<ForgetTarget[]> {
  const { customer, machine, unseenSinceMs } = filter;
  return await db
    .selectFrom('machine')
    .innerJoin('customer', 'customer.slug', 'machine.customer')
    .select(['machine.customer', 'machine.machine', 'machine.instances'])
    .$if(customer === undefined, (all) => all.where('customer.deactivated_at', 'is', null))
    .$if(customer !== undefined, (all) => all.where('machine.customer', '=', customer ?? ''))
    .$if(machine !== undefined, (all) => all.where('machine.machine', '=', machine ?? ''))
    .$if(unseenSinceMs !== undefined, (all) =>
      all.where(
        sql<boolean>`not exists (
          select 1 from instance as i
          where i.customer = machine.customer and i.machine = machine.machine
            and i.last_seen_at > ${unseenSinceMs})`,
      ),
    )
    .orderBy('machine.customer')
    .orderBy('machine.machine')
    .execute();
}

async function listSoftware(db: Kysely<Database>, filter: TargetFilter): Promise<ForgetTarget[]> {
  const { customer, machine, software, unseenSinceMs } = filter;
  return await db
    .selectFrom('instance')
    .innerJoin('customer as owner', 'owner.slug', 'instance.customer')
    .innerJoin('machine as host', (join) =>
      join
        .onRef('host.customer', '=', 'instance.customer')
        .onRef('host.machine', '=', 'instance.machine'),
    )
    .select(['instance.customer', 'instance.machine', 'instance.software', 'host.instances'])
    .$if(customer === undefined, (all) => all.where('owner.deactivated_at', 'is', null))
    .$if(customer !== undefined, (all) => all.where('instance.customer', '=', customer ?? ''))
    .$if(machine !== undefined, (all) => all.where('instance.machine', '=', machine ?? ''))
    .$if(software !== undefined, (all) => all.where('instance.software', '=', software ?? ''))
    .$if(unseenSinceMs !== undefined, (all) =>
      all.where('instance.last_seen_at', '<=', unseenSinceMs ?? 0),
    )
    .orderBy('instance.customer')
    .orderBy('instance.machine')
    .orderBy('instance.software')
    .execute();
}
