/** Reading customers. Changes to them are in `customer-changes.ts`. */
import type { Kysely } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../page.ts';
import type { Customer, Database } from '../schema.ts';

export interface CustomerFilter {
  includeDeactivated?: boolean | undefined;
}

/** The customers by slug. */
export async function listCustomers(
  db: Kysely<Database>,
  filter: CustomerFilter = {},
  { limit, cursor }: PageRequest = {},
): Promise<Page<Customer>> {
  const after = decodeCursor(cursor, [''] as const);
  let query = filterCustomers(db, filter).selectAll().orderBy('slug');
  if (after) query = query.where('slug', '>', after[0]);
  if (limit !== undefined) query = query.limit(limit + 1);
  return cutPage(await query.execute(), limit, ({ slug }) => [slug]);
}

/** How many customers match. */
export async function countCustomers(
  db: Kysely<Database>,
  filter: CustomerFilter,
): Promise<number> {
  const query = filterCustomers(db, filter).select((eb) => eb.fn.countAll().as('total'));
  return Number((await query.executeTakeFirstOrThrow()).total);
}

/** The customer; throws `not_found` with a suggestion where there is none. */
export async function getCustomer(db: Kysely<Database>, slug: string): Promise<Customer> {
  const customer = await findCustomer(db, slug);
  if (customer) return customer;
  throw await describeMissingCustomer(db, slug);
}

export async function findCustomer(
  db: Kysely<Database>,
  slug: string,
): Promise<Customer | undefined> {
  return await db.selectFrom('customer').selectAll().where('slug', '=', slug).executeTakeFirst();
}

/** The `not_found` of a customer, with the slug that was probably meant. */
export async function describeMissingCustomer(
  db: Kysely<Database>,
  slug: string,
): Promise<FleetError> {
  const rows = await db.selectFrom('customer').select('slug').execute();
  const similar = suggestSimilar(
    slug,
    rows.map((row) => row.slug),
  );
  const proposal = similar === null ? '.' : `; did you mean ${similar}?`;
  return new FleetError('not_found', `There is no customer ${slug}${proposal}`, {
    hint: 'fleet customer list',
  });
}

export interface CustomerCounts {
  machines: number;
  active_tokens: number;
  children: string[];
}

/** What hangs on a customer. */
export async function countOf(
  db: Kysely<Database>,
  { slug, nowMs }: { slug: string; nowMs: number },
): Promise<CustomerCounts> {
  const machines = await db
    .selectFrom('machine_count')
    .select('machines')
    .where('customer', '=', slug)
    .executeTakeFirst();
  const tokens = await db
    .selectFrom('token')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('customer', '=', slug)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)]))
    .executeTakeFirstOrThrow();
  const children = await db
    .selectFrom('customer')
    .select('slug')
    .where('parent', '=', slug)
    .orderBy('slug')
    .execute();
  return {
    machines: machines?.machines ?? 0,
    active_tokens: Number(tokens.total),
    children: children.map((child) => child.slug),
  };
}

function filterCustomers(db: Kysely<Database>, { includeDeactivated = false }: CustomerFilter) {
  const query = db.selectFrom('customer');
  return includeDeactivated ? query : query.where('deactivated_at', 'is', null);
}
