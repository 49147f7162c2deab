/** What the shell offers while a command is typed: few values, by prefix. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';

/** A value that can be typed, and what helps to choose it. */
export interface Candidate {
  value: string;
  description: string;
}

/** More than anybody reads; who wants another types a further letter. */
export const MOST_CANDIDATES = 200;

/** Customers whose slug starts with the prefix; all, only the active, or only the deactivated. */
export async function completeCustomers(
  db: Kysely<Database>,
  prefix: string,
  state: 'all' | 'active' | 'inactive' = 'all',
): Promise<Candidate[]> {
  return await db
    .selectFrom('customer')
    .select(['slug as value', 'name as description'])
    .where(startsWith('slug', prefix))
    .$if(state === 'active', (all) => all.where('deactivated_at', 'is', null))
    .$if(state === 'inactive', (all) => all.where('deactivated_at', 'is not', null))
    .orderBy('slug')
    .limit(MOST_CANDIDATES)
    .execute();
}

/** Slugs of machines that start with the prefix; of one customer where it is given. */
export async function completeMachines(
  db: Kysely<Database>,
  prefix: string,
  customer?: string,
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('machine')
    .select('machine as value')
    .distinct()
    .where(startsWith('machine', prefix))
    .$if(customer !== undefined, (all) => all.where('customer', '=', customer ?? ''))
    .orderBy('machine')
    .limit(MOST_CANDIDATES)
    .execute();
  return rows.map(({ value }) => ({ value, description: 'machine' }));
}

/** Slugs of the software on a machine that start with the prefix. */
export async function completeSoftware(
  db: Kysely<Database>,
  prefix: string,
  { customer, machine }: { customer: string; machine: string },
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('instance')
    .select('software as value')
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where(startsWith('software', prefix))
    .orderBy('software')
    .limit(MOST_CANDIDATES)
    .execute();
  return rows.map(({ value }) => ({ value, description: 'software' }));
}

/** Codes that start with the prefix and are open on an instance, with what they say. */
export async function completeOpenCodes(
  db: Kysely<Database>,
  prefix: string,
  { customer, machine, software }: { customer: string; machine: string; software: string },
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('diagnostic')
    .select((eb) => ['code', eb.fn.max('message').as('description')])
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where('software', '=', software)
    .where(sql<boolean>`severity > 0`)
    .where(startsWith(sql`cast(code as text)`, prefix))
    .groupBy('code')
    .orderBy('code')
    .limit(MOST_CANDIDATES)
    .execute();
  return rows.map(({ code, description }) => ({ value: String(code), description }));
}

/** Public ids of tokens that start with the prefix, by customer; without those revoked on request. */
export async function completeTokens(
  db: Kysely<Database>,
  prefix: string,
  { withRevoked }: { withRevoked: boolean },
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('token')
    .select(['id', 'customer', 'name'])
    .where(startsWith('id', prefix))
    .$if(!withRevoked, (all) => all.where('revoked_at', 'is', null))
    .orderBy('customer')
    .orderBy('id')
    .limit(MOST_CANDIDATES)
    .execute();
  return rows.map(({ id, customer, name }) => ({
    value: id,
    description: name === null ? customer : `${customer}, ${name}`,
  }));
}

/** Ids of rejections that start with the prefix, the one that was repeated last first. */
export async function completeRejections(
  db: Kysely<Database>,
  prefix: string,
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('rejection')
    .select(['id', 'reason', 'path'])
    .where(startsWith('id', prefix))
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST_CANDIDATES)
    .execute();
  return rows.map(({ id, reason, path }) => ({ value: id, description: `${reason} ${path}` }));
}

// Not `like`: it has wildcards to escape, and on SQLite takes an upper-case id for a lower-case one.
function startsWith(text: string | RawBuilder<unknown>, prefix: string): RawBuilder<boolean> {
  const { length } = [...prefix];
  return sql<boolean>`substr(${typeof text === 'string' ? sql.ref(text) : text}, 1, cast(${length} as integer)) = ${prefix}`;
}
