import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { FleetError } from '../../domain/errors.ts';
import { dialectOf } from '../connection/dialect.ts';
import { isMissingTable } from '../connection/errors.ts';
import type { Database } from '../schema.ts';
import { MIGRATIONS, type Migrations, nameLatest } from './index.ts';

/** `foreign`: there are tables, and they are not fleet's. */
export type SchemaState = 'empty' | 'foreign' | 'older' | 'current' | 'newer';

/** How the schema of the database stands to the one that this program knows. */
export async function readSchemaState(
  db: Kysely<Database>,
  known: Migrations = MIGRATIONS,
): Promise<SchemaState> {
  const applied = await readAppliedMigrations(db);
  if (applied.length === 0) return (await isForeign(db)) ? 'foreign' : 'empty';
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
export function requireCurrent(state: SchemaState, location: string): void {
  if (state === 'current') return;
  if (state === 'foreign') {
    throw new FleetError(
      'configuration',
      `The database ${location} holds tables of another program.`,
      {
        hint: 'check --database and FLEET_DATABASE, and give fleet a database of its own',
      },
    );
  }
  if (state === 'newer') {
    throw new FleetError(
      'schema_new',
      `The database ${location} was written by a newer fleet than this one.`,
      {
        hint: 'Use the newer fleet, or restore the backup that its upgrade made.',
      },
    );
  }
  throw new FleetError(
    'schema_old',
    `The database ${location} has an older schema than this fleet needs.`,
    {
      hint: 'fleet migrate',
    },
  );
}

/** A SQLite file is one program's; a PostgreSQL database may hold more, as long as no name is taken. */
async function isForeign(db: Kysely<Database>): Promise<boolean> {
  const tables = await db.introspection.getTables();
  const others = tables.map(({ name }) => name);
  if (dialectOf(db) === 'sqlite') return others.length > 0;
  return others.some((name) => OWN_TABLES.has(name));
}

const OWN_TABLES: ReadonlySet<string> = new Set(['customer', 'token', 'machine', 'instance']);

// Asks for them at once and not first whether there is such a table: to list the tables takes longer
// than all else that a short command does with the database.
async function readAppliedMigrations(db: Kysely<Database>): Promise<string[]> {
  const query = db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name');
  try {
    return (await query.execute()).map((row) => row.name);
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}
