import type { Kysely } from 'kysely';
import { SqliteAdapter } from 'kysely';

export type DialectName = 'sqlite' | 'postgres';

/** Which database is behind `db`; for the few statements that the two do not share. */
// biome-ignore lint/suspicious/noExplicitAny: asks the executor, not the schema
export function dialectOf(db: Kysely<any>): DialectName {
  return db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres';
}
