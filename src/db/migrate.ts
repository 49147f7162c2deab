import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { FleetError } from '../domain/errors.ts';
import { MIGRATIONS, type Migrations, nameLatest } from './migrations/index.ts';
import type { Database } from './schema.ts';

export type SchemaState = 'empty' | 'older' | 'current' | 'newer';

/** How the schema of the database stands to the one that this program knows. */
export async function readSchemaState(
  db: Kysely<Database>,
  known: Migrations = MIGRATIONS,
): Promise<SchemaState> {
  const applied = await readAppliedMigrations(db);
  if (applied.length === 0) return 'empty';
  if (applied.some((name) => !(name in known))) return 'newer';
  return applied.includes(nameLatest(known)) ? 'current' : 'older';
}

/** Brings the schema up to date in one transaction; several processes may do it at once. */
export async function migrateToLatest(
  db: Kysely<Database>,
  known: Migrations = MIGRATIONS,
): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

/** Throws `schema_old` or `schema_new` (exit 78) unless the state is `current`. */
export function requireCurrent(state: SchemaState): void {
  if (state === 'current') return;
  if (state === 'newer') {
    throw new FleetError('schema_new', 'The database was written by a newer fleet than this one.', {
      hint: 'Use the newer fleet, or restore the backup that its upgrade made.',
    });
  }
  throw new FleetError('schema_old', 'The database has an older schema than this fleet needs.', {
    hint: 'fleet migrate',
  });
}

async function readAppliedMigrations(db: Kysely<Database>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}
