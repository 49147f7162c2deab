import type { Transaction } from 'kysely';
import { formatInstant } from '../../domain/time/instant.ts';
import { appendAudit } from '../audit.ts';
import type { Change } from '../change.ts';
import type { Database } from '../schema.ts';
import { matchAll, type RejectionFilter } from './queries.ts';

/** Deletes the rejections that match and returns how many there were; audited unless there were none. */
export async function clearRejections(
  trx: Transaction<Database>,
  filter: RejectionFilter,
  change: Change,
): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('rejection')
    .where((eb) => matchAll(eb, filter))
    .executeTakeFirstOrThrow();
  const cleared = Number(numDeletedRows);
  if (cleared > 0) await auditClearing(trx, { filter, cleared }, change);
  return cleared;
}

async function auditClearing(
  trx: Transaction<Database>,
  { filter, cleared }: { filter: RejectionFilter; cleared: number },
  change: Change,
): Promise<void> {
  const { sinceMs, ...lists } = filter;
  const since = sinceMs === undefined ? undefined : formatInstant(sinceMs);
  const [customer = '', ...others] = filter.customers ?? [];
  await appendAudit(
    trx,
    {
      action: 'rejections clear',
      customer: others.length === 0 ? customer : '',
      subject: 'rejections',
      detail: { cleared, ...lists, since },
    },
    change,
  );
}
