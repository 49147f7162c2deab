import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const QUERY = CompiledQuery.raw('pragma data_version');

/**
 * SQLite: a number that another connection's commit changes, and this one's own commits do not
 * (https://sqlite.org/pragma.html#pragma_data_version).
 */
export async function readDataVersion(db: Kysely<Database>): Promise<number> {
  const { rows } = await db.executeQuery<{ data_version: number }>(QUERY);
  return rows[0]?.data_version ?? 0;
}
