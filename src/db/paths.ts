import type { Kysely } from 'kysely';
import { FleetError } from '../domain/errors.ts';
import { areNumbered, suggestSimilar } from '../domain/text/suggest.ts';
import { askWhy } from '../domain/why/target.ts';
import type { Database } from './schema.ts';

/** A path down to the level at which something was looked for. */
export interface WantedPath {
  customer: string;
  machine?: string | undefined;
  software?: string | undefined;
}

/**
 * Returns why nothing was found: names the first level that is missing, and one that was probably
 * meant. The way on is to ask why, because a device that never got in may be known all the same.
 */
export async function explainMissingPath(
  db: Kysely<Database>,
  wanted: WantedPath,
): Promise<FleetError> {
  const { kind, above, name, known } = await findMissing(db, wanted);
  const similar = suggestSimilar(name, known);
  const ending = similar === null ? '.' : `; did you mean ${[...above, similar].join('/')}?`;
  const { customer, machine = null, software = null } = wanted;
  const hint = askWhy({ customer, machine, software });
  const message = `There is no ${kind} ${[...above, name].join('/')}${ending}`;
  return new FleetError('not_found', message, hint === null ? {} : { hint });
}

/**
 * Returns the path with its first unknown name replaced by a known one that was probably meant, or
 * null.
 */
export async function findSimilarPath(
  db: Kysely<Database>,
  wanted: WantedPath,
): Promise<string | null> {
  const { above, name, known } = await findMissing(db, wanted);
  if (known.includes(name)) return null;
  const similar = suggestSimilar(
    name,
    known.filter((each) => !areNumbered(each, name)),
  );
  if (similar === null) return null;
  const parts = [wanted.customer, wanted.machine, wanted.software].filter((part) => part != null);
  return parts.with(above.length, similar).join('/');
}

/** Whether the customer of the path is deactivated; throws `not_found` where there is no such customer or machine. */
export async function isHiddenPath(
  db: Kysely<Database>,
  { customer, machine }: Omit<WantedPath, 'software'>,
): Promise<boolean> {
  const known = await db
    .selectFrom('customer')
    .leftJoin('machine', (join) =>
      join
        .onRef('machine.customer', '=', 'customer.slug')
        .on('machine.machine', '=', machine ?? ''),
    )
    .select(['customer.deactivated_at', 'machine.machine'])
    .where('customer.slug', '=', customer)
    .executeTakeFirst();
  const isKnown = known && (machine === undefined || known.machine !== null);
  if (!isKnown) throw await explainMissingPath(db, { customer, machine });
  return known.deactivated_at !== null;
}

interface Missing {
  kind: string;
  above: string[];
  name: string;
  known: string[];
}

async function findMissing(
  db: Kysely<Database>,
  { customer, machine, software }: WantedPath,
): Promise<Missing> {
  const customers = await db.selectFrom('customer').select('slug as name').execute();
  const first = { kind: 'customer', above: [], name: customer, known: toNames(customers) };
  if (machine === undefined || !first.known.includes(customer)) return first;
  const machines = await db
    .selectFrom('machine')
    .select('machine as name')
    .where('customer', '=', customer)
    .execute();
  const above = [customer];
  const second = { kind: 'machine', above, name: machine, known: toNames(machines) };
  if (software === undefined || !second.known.includes(machine)) return second;
  const instances = await db
    .selectFrom('instance')
    .select('software as name')
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .execute();
  return {
    kind: 'software',
    above: [customer, machine],
    name: software,
    known: toNames(instances),
  };
}

function toNames(rows: readonly { name: string }[]): string[] {
  return rows.map(({ name }) => name).sort();
}
