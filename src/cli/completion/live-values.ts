import type { Kysely } from 'kysely';
import {
  type Candidate,
  completeCustomers,
  completeMachines,
  completeOpenCodes,
  completeRejections,
  completeSoftware,
  completeTokens,
} from '../../db/completion.ts';
import type { Database } from '../../db/schema.ts';
import type { ValueSource } from './values.ts';

type Find = (
  db: Kysely<Database>,
  prefix: string,
  before: readonly string[],
) => Promise<Candidate[]>;

/** The sources that are in the database. */
export const LIVE_VALUES: Partial<Record<ValueSource, Find>> = {
  customers: (db, prefix) => completeCustomers(db, prefix),
  'active customers': (db, prefix) => completeCustomers(db, prefix, 'active'),
  'inactive customers': (db, prefix) => completeCustomers(db, prefix, 'inactive'),
  machines: (db, prefix) => completeMachines(db, prefix),
  'machine paths': (db, prefix) => completePath(db, prefix, 2),
  'software paths': (db, prefix) => completePath(db, prefix, 3),
  tokens: (db, prefix) => completeTokens(db, prefix, { withRevoked: true }),
  'unrevoked tokens': (db, prefix) => completeTokens(db, prefix, { withRevoked: false }),
  'open codes': (db, prefix, [path = '']) => completeCodes(db, prefix, path),
  rejections: (db, prefix) => completeRejections(db, prefix),
};

// Level by level, as a shell does with directories: a customer can have more machines than anybody
// wants to see.
async function completePath(
  db: Kysely<Database>,
  text: string,
  levels: number,
): Promise<Candidate[]> {
  const above = text.split('/');
  const prefix = above.pop() ?? '';
  if (above.length >= levels) return [];
  const lead = above.map((part) => `${part}/`).join('');
  const end = above.length < levels - 1 ? '/' : '';
  const found = await completeLevel(db, prefix, above);
  return found.map(({ value, description }) => ({ value: `${lead}${value}${end}`, description }));
}

async function completeCodes(
  db: Kysely<Database>,
  prefix: string,
  path: string,
): Promise<Candidate[]> {
  const [customer = '', machine = '', software = ''] = path.split('/');
  return await completeOpenCodes(db, prefix, { customer, machine, software });
}

async function completeLevel(
  db: Kysely<Database>,
  prefix: string,
  [customer, machine]: readonly string[],
): Promise<Candidate[]> {
  if (customer === undefined) return await completeCustomers(db, prefix);
  if (machine === undefined) return await completeMachines(db, prefix, customer);
  return await completeSoftware(db, prefix, { customer, machine });
}
