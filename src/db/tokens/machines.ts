/** Which machines speak with which token. */
import type { Kysely } from 'kysely';
import type { Page, PageRequest } from '../page.ts';
import type { Database, Token } from '../schema.ts';
import { listTokens, type TokenFilter, type TokenItem } from './tokens.ts';

/** A token with how many machines sent their last message with it. */
export interface CountedToken extends TokenItem {
  machine_count: number;
}

/** The tokens that match, by customer and age, each with its machines counted. */
export async function listCountedTokens(
  db: Kysely<Database>,
  filter: TokenFilter,
  request: PageRequest = {},
): Promise<Page<CountedToken>> {
  const { items, next_cursor } = await listTokens(db, filter, request);
  const counts = await countMachinesOfTokens(db, filter.customer);
  const counted = items.map((token) => ({ ...token, machine_count: counts.get(token.id) ?? 0 }));
  return { items: counted, next_cursor };
}

/** The machines whose last message was sent with this token, by slug. */
export async function listMachinesOfToken(
  db: Kysely<Database>,
  token: Pick<Token, 'id' | 'customer'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('instance')
    .select('machine')
    .distinct()
    .where('customer', '=', token.customer)
    .where('token_id', '=', token.id)
    .orderBy('machine')
    .execute();
  return rows.map(({ machine }) => machine);
}

/** How many machines sent their last message with each token, by its id; only with those that any did. */
async function countMachinesOfTokens(
  db: Kysely<Database>,
  customer?: string,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('instance')
    .select((eb) => ['token_id', eb.fn.count('machine').distinct().as('machines')])
    .$if(customer !== undefined, (all) => all.where('customer', '=', customer ?? ''))
    .groupBy('token_id')
    .execute();
  return new Map(rows.map(({ token_id, machines }) => [token_id, Number(machines)]));
}
