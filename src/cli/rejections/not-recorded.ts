import type { Kysely } from 'kysely';
import { countNotRecorded } from '../../db/rejections/queries.ts';
import type { Database } from '../../db/schema.ts';
import { writeNote } from '../output.ts';

/** Says on stderr how many refusals the log leaves out, so that nobody takes it for complete. */
export async function noteNotRecorded(db: Kysely<Database>): Promise<void> {
  const count = await countNotRecorded(db);
  if (count === 0) return;
  writeNote(`${count} more refusals were not recorded: they exceeded the bounds of the log.`);
}
