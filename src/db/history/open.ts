/** The open episodes of instances, which stand in the hot row: the newest end of every history. */
import type { Kysely } from 'kysely';
import type { OverdueLimits } from '../../domain/health/judge.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';

/** What is known of an instance's open episodes, with the limits against which silence is held. */
export interface OpenEpisodes extends PathKey, OverdueLimits {
  up_since: number | null;
  last_beat_at: number | null;
  beats: number;
  version: string | null;
  status: string | null;
  status_message: string | null;
  status_since: number | null;
  status_last_at: number | null;
  status_count: number;
}

/** Returns them of an instance, or of all instances of a machine by their slug. */
export async function readOpenEpisodes(
  db: Kysely<Database>,
  { customer, machine, software }: Omit<PathKey, 'software'> & { software?: string },
): Promise<OpenEpisodes[]> {
  let query = db
    .selectFrom('instance')
    .innerJoin('customer as owner', 'owner.slug', 'instance.customer')
    .leftJoin('instance_status as detail', (join) =>
      join
        .onRef('detail.customer', '=', 'instance.customer')
        .onRef('detail.machine', '=', 'instance.machine')
        .onRef('detail.software', '=', 'instance.software'),
    )
    .where('instance.customer', '=', customer)
    .where('instance.machine', '=', machine)
    .orderBy('instance.software');
  if (software !== undefined) query = query.where('instance.software', '=', software);
  return await query.select(COLUMNS).execute();
}

const COLUMNS = [
  'instance.customer',
  'instance.machine',
  'instance.software',
  'instance.up_since',
  'instance.last_beat_at',
  'instance.beats',
  'instance.version',
  'instance.status',
  'detail.message as status_message',
  'instance.status_since',
  'instance.status_last_at',
  'instance.status_count',
  'instance.overdue_after_ms',
  'instance.machine_overdue_after_ms',
  'owner.overdue_after_ms as customer_overdue_after_ms',
] as const;
