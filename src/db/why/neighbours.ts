/** What is known near a path from which nothing ever came. */
import type { Kysely } from 'kysely';
import type { Neighbours } from '../../domain/why/evidence.ts';
import type { Target } from '../../domain/why/target.ts';
import { findSimilarPath } from '../paths.ts';
import type { Database } from '../schema.ts';

export const NO_NEIGHBOURS: Neighbours = { similar: null, elsewhere: [], sibling: null };

/** Names such as `server-01/my-app` are used by many customers: more of them tell nothing. */
const MOST_ELSEWHERE = 3;

export async function readNeighbours(db: Kysely<Database>, target: Target): Promise<Neighbours> {
  const { customer, machine, software } = target;
  const wanted = {
    customer,
    machine: machine ?? undefined,
    software: software ?? undefined,
  };
  return {
    similar: await findSimilarPath(db, wanted),
    elsewhere: await listElsewhere(db, target),
    sibling: await findSibling(db, target),
  };
}

/** By key, customer by customer, because the whole of it leads every index. */
async function listElsewhere(db: Kysely<Database>, target: Target): Promise<string[]> {
  const { customer, machine, software } = target;
  if (machine === null) return [];
  const rows = await db
    .selectFrom('customer')
    .innerJoin('instance', 'instance.customer', 'customer.slug')
    .select(['instance.customer', 'instance.machine'])
    .distinct()
    .where('customer.deactivated_at', 'is', null)
    .where('customer.slug', '!=', customer)
    .where('instance.machine', '=', machine)
    .$if(software !== null, (all) => all.where('instance.software', '=', software ?? ''))
    .orderBy('instance.customer')
    .limit(MOST_ELSEWHERE + 1)
    .execute();
  if (rows.length > MOST_ELSEWHERE) return [];
  const end = software === null ? '' : `/${software}`;
  return rows.map((row) => `${row.customer}/${row.machine}${end}`);
}

async function findSibling(
  db: Kysely<Database>,
  { customer, machine, software }: Target,
): Promise<Neighbours['sibling']> {
  if (machine === null || software === null) return null;
  const latest = await db
    .selectFrom('instance')
    .select(['software', 'last_seen_at'])
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .orderBy('last_seen_at', 'desc')
    .orderBy('software')
    .limit(1)
    .executeTakeFirst();
  return latest ? { software: latest.software, lastSeenAtMs: latest.last_seen_at } : null;
}
