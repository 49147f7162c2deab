/** Changing customers; every change is audited in its own transaction. */
import type { Transaction } from 'kysely';
import { collectBelow } from '../../domain/customers/below.ts';
import {
  type CustomerSettings,
  requireSlug,
  requireValidSettings,
} from '../../domain/customers/customer-input.ts';
import { FleetError } from '../../domain/errors.ts';
import { appendAudit } from '../audit.ts';
import type { Change } from '../change.ts';
import { standInRow } from '../migrations/migrate.ts';
import type { Customer, CustomerUpdate, Database } from '../schema.ts';
import { describeMissingCustomer, findCustomer } from './customers.ts';

export interface NewCustomerInput extends CustomerSettings {
  slug: string;
}

/** Creates a customer. With `ifNotExists` an identical one is returned as it is; throws `conflict` otherwise. */
export async function createCustomer(
  trx: Transaction<Database>,
  { slug, ifNotExists = false, ...settings }: NewCustomerInput & { ifNotExists?: boolean },
  change: Change,
): Promise<{ customer: Customer; created: boolean }> {
  requireSlug(slug);
  requireValidSettings(settings);
  if (settings.parent) {
    await lockTree(trx);
    await requireParent(trx, slug, settings.parent);
  }
  const customer = {
    ...BLANK,
    ...toColumns({ name: slug, ...withoutUndefined(settings) }),
    slug,
    created_at: change.nowMs,
  } as Customer;
  if (!(await insertCustomer(trx, customer))) {
    const existing = await requireCustomer(trx, slug);
    return { customer: requireIdentical(existing, settings, ifNotExists), created: false };
  }
  const detail = toColumns(settings);
  const action = { action: 'customer create', customer: slug, subject: slug, detail };
  await appendAudit(trx, action, change);
  return { customer, created: true };
}

/** Changes settings of a customer and returns it; what is already as wanted is no change. */
export async function updateCustomer(
  trx: Transaction<Database>,
  { slug, ...settings }: NewCustomerInput,
  change: Change,
): Promise<Customer> {
  requireValidSettings(settings);
  if (settings.parent) await lockTree(trx);
  const customer = await requireCustomer(trx, slug);
  if (settings.parent) await requireParent(trx, slug, settings.parent);
  const columns = listChanges(customer, toColumns(settings));
  if (Object.keys(columns).length === 0) return customer;
  await trx.updateTable('customer').set(columns).where('slug', '=', slug).execute();
  const action = { action: 'customer update', customer: slug, subject: slug, detail: columns };
  await appendAudit(trx, action, change);
  return { ...customer, ...columns } as Customer;
}

/**
 * Deactivates a customer: its tokens stop working at once. Active children are taken along with
 * `recursive` and otherwise named in `activeChildren`.
 */
export async function deactivateCustomer(
  trx: Transaction<Database>,
  { slug, recursive = false }: { slug: string; recursive?: boolean },
  change: Change,
): Promise<{ customer: Customer; deactivated: string[]; activeChildren: string[] }> {
  await lockTree(trx);
  const customer = await requireCustomer(trx, slug);
  const active = (await listBelow(trx, slug)).filter((each) => each.deactivated_at === null);
  const below = active.map((each) => each.slug);
  const wanted = recursive ? [slug, ...below] : [slug];
  const deactivated = await setDeactivated(trx, wanted, { at: change.nowMs, change });
  const since = customer.deactivated_at ?? change.nowMs;
  return {
    customer: { ...customer, deactivated_at: since },
    deactivated,
    activeChildren: recursive ? [] : below,
  };
}

/**
 * Activates a customer again; its tokens that are neither revoked nor expired work again. Those
 * below it stay as they are; the deactivated ones are named in `inactiveChildren`.
 */
export async function activateCustomer(
  trx: Transaction<Database>,
  { slug }: { slug: string },
  change: Change,
): Promise<{ customer: Customer; activated: boolean; inactiveChildren: string[] }> {
  const customer = await requireCustomer(trx, slug);
  const activated = await setDeactivated(trx, [slug], { at: null, change });
  const inactive = (await listBelow(trx, slug)).filter((each) => each.deactivated_at !== null);
  return {
    customer: { ...customer, deactivated_at: null },
    activated: activated.length > 0,
    inactiveChildren: inactive.map((each) => each.slug),
  };
}

/** As the flags name them, where the column is called otherwise. */
const SETTING_NAMES: Readonly<Record<string, string>> = {
  overdue_after_ms: 'overdue-after',
  machine_limit: 'machine-limit',
};

const BLANK = {
  email: null,
  phone: null,
  parent: null,
  overdue_after_ms: null,
  machine_limit: null,
  deactivated_at: null,
};

/**
 * Two moves at once could make a circle that neither sees, so changes of the tree stand in a row.
 * Rejected: locking the customers' own rows, which ingest holds in share mode in another order, so
 * that both would wait for each other.
 */
async function lockTree(trx: Transaction<Database>): Promise<void> {
  await standInRow(trx);
}

/** Whether the row is new: two processes may create the same customer at once. */
async function insertCustomer(trx: Transaction<Database>, customer: Customer): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('customer')
    .values(customer)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

async function requireCustomer(trx: Transaction<Database>, slug: string): Promise<Customer> {
  const customer = await findCustomer(trx, slug);
  if (customer) return customer;
  throw await describeMissingCustomer(trx, slug);
}

async function requireParent(
  trx: Transaction<Database>,
  slug: string,
  parent: string,
): Promise<void> {
  const above: string[] = [];
  for (let next: string | null = parent; next !== null && !above.includes(next); ) {
    if (next === slug) throw refuseCircle(slug, parent);
    above.push(next);
    next = (await requireCustomer(trx, next)).parent;
  }
}

function refuseCircle(slug: string, parent: string): FleetError {
  return new FleetError(
    'conflict',
    `${parent} cannot be the parent of ${slug}: it is ${slug} itself or below it.`,
    {
      hint: 'fleet customer list --tree',
    },
  );
}

function requireIdentical(
  existing: Customer,
  settings: CustomerSettings,
  ifNotExists: boolean,
): Customer {
  const { slug } = existing;
  const hint = `fleet customer show ${slug}`;
  if (!ifNotExists)
    throw new FleetError('conflict', `The customer ${slug} exists already.`, { hint });
  if (existing.deactivated_at !== null) throw refuseDeactivated(slug);
  const differing = Object.keys(listChanges(existing, toColumns(settings)));
  if (differing.length === 0) return existing;
  const names = differing.map((column) => SETTING_NAMES[column] ?? column).join(', ');
  throw new FleetError('conflict', `The customer ${slug} exists and differs in: ${names}.`, {
    hint,
  });
}

// Not what was wanted: its tokens would not work.
function refuseDeactivated(slug: string): FleetError {
  return new FleetError('conflict', `The customer ${slug} exists and is deactivated.`, {
    hint: `fleet customer activate ${slug}`,
  });
}

function toColumns(settings: CustomerSettings): CustomerUpdate {
  const { name, email, phone, parent, overdueAfterMs, machineLimit } = settings;
  return withoutUndefined({
    name,
    email,
    phone,
    parent,
    overdue_after_ms: overdueAfterMs,
    machine_limit: machineLimit,
  }) as CustomerUpdate;
}

function listChanges(customer: Customer, columns: CustomerUpdate): CustomerUpdate {
  const changed = Object.entries(columns).filter(
    ([name, value]) => customer[name as keyof Customer] !== value,
  );
  return Object.fromEntries(changed);
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The customers below this one, at any depth, by slug. */
async function listBelow(
  trx: Transaction<Database>,
  slug: string,
): Promise<Pick<Customer, 'slug' | 'deactivated_at'>[]> {
  const rows = await trx
    .selectFrom('customer')
    .select(['slug', 'parent', 'deactivated_at'])
    .execute();
  const below = collectBelow(slug, rows);
  return rows
    .filter((row) => row.slug !== slug && below.has(row.slug))
    .sort((one, two) => (one.slug < two.slug ? -1 : 1));
}

async function setDeactivated(
  trx: Transaction<Database>,
  slugs: readonly string[],
  { at, change }: { at: number | null; change: Change },
): Promise<string[]> {
  const changed: string[] = [];
  for (const slug of slugs.toSorted()) {
    const { numUpdatedRows } = await trx
      .updateTable('customer')
      .set({ deactivated_at: at })
      .where('slug', '=', slug)
      .where('deactivated_at', at === null ? 'is not' : 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) continue;
    changed.push(slug);
    const action = at === null ? 'customer activate' : 'customer deactivate';
    await appendAudit(trx, { action, customer: slug, subject: slug }, change);
  }
  return changed;
}
