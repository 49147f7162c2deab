import { sql, type Transaction } from 'kysely';
import { jsonRows } from '../bulk/statements.ts';
import { dialectOf } from '../connection/dialect.ts';
import type { Database } from '../schema.ts';

/**
 * How many machines each customer has, the rows locked in order of the customer. Whoever registers
 * holds this lock first, so that two nodes neither pass the limit together nor wait for each other.
 */
export async function lockMachineCounts(
  trx: Transaction<Database>,
  customers: readonly string[],
): Promise<Map<string, number>> {
  if (customers.length === 0) return new Map();
  const rows = customers.map((customer) => ({ customer }));
  await sql`
    insert into machine_count (customer, machines)
    select customer, 0 from ${jsonRows(trx, { customer: 'text' }, rows)} as r where true
    order by customer
    on conflict (customer) do nothing`.execute(trx);
  const query = trx
    .selectFrom('machine_count')
    .select(['customer', 'machines'])
    .where('customer', 'in', [...customers])
    .orderBy('customer');
  const locked = dialectOf(trx) === 'postgres' ? query.forUpdate() : query;
  const counts = await locked.execute();
  return new Map(counts.map(({ customer, machines }) => [customer, machines]));
}

/** Adds new machines to a customer's count (forgotten ones: below 0), whose row the transaction has locked. */
export async function addMachines(
  trx: Transaction<Database>,
  customer: string,
  added: number,
): Promise<void> {
  await trx
    .updateTable('machine_count')
    .set((eb) => ({ machines: eb('machines', '+', added) }))
    .where('customer', '=', customer)
    .execute();
}
