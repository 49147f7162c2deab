import { type Kysely, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { dialectOf } from '../connection/dialect.ts';
import type { Database } from '../schema.ts';
import { requireUtf8 } from './encoding.ts';
import { MIGRATIONS, type Migrations } from './index.ts';

/**
 * Brings the schema up to date in one transaction; several processes may do it at once. Throws
 * `configuration` before anything is created in a database whose encoding is not UTF8.
 */
export async function migrateToLatest(
  db: Kysely<Database>,
  known: Migrations = MIGRATIONS,
): Promise<string[]> {
  await requireUtf8(db);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

/**
 * Lets transactions that rely on nobody else's doing the same stand in a row until they end: on
 * PostgreSQL before the one row of the migrator's lock table, on SQLite they do anyway.
 */
export async function standInRow(trx: Transaction<Database>): Promise<void> {
  if (dialectOf(trx) === 'sqlite') return;
  await sql`select id from kysely_migration_lock for update`.execute(trx);
}
