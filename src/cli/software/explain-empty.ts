import type { Kysely } from 'kysely';
import { isHiddenPath } from '../../db/paths.ts';
import type { Database } from '../../db/schema.ts';
import { writeNote } from '../output.ts';
import type { PathArgument } from '../path-argument.ts';

/**
 * Looks why a list below a path is empty: throws `not_found` where there is no such path, and says
 * on stderr where its customer is deactivated or nothing of it has reported yet.
 */
export async function explainEmptyList(
  db: Kysely<Database>,
  path: PathArgument | undefined,
  { isFiltered, isAll }: { isFiltered: boolean; isAll: boolean },
): Promise<void> {
  if (path !== undefined && (await isHiddenPath(db, path)) && !isAll) {
    return writeNote(`The customer ${path.customer} is deactivated: --all shows what it had.`);
  }
  if (isFiltered) return writeNote('Nothing matches.');
  const which = path === undefined ? '' : ` of ${path.customer}`;
  const next = path === undefined ? 'rejections list' : `why ${path.customer}`;
  writeNote(`No device${which} has reported yet. Try: fleet ${next}`);
}
