import type { Transaction } from 'kysely';
import type { Change } from './change.ts';
import { matchAll, type RejectionFilter } from './rejection-queries.ts';
import type { Database } from './schema.ts';

/** Deletes the rejections that match and returns how many there were. */
export async function clearRejections(
  trx: Transaction<Database>,
  filter: RejectionFilter,
  _change: Change,
): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('rejection')
    .where((eb) => matchAll(eb, filter))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
