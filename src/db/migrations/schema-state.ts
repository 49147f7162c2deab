/** How far a database is: whether it is fleet's, of which schema, and whether all of it is there. */
import { type Kysely, sql } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { dialectOf } from '../connection/dialect.ts';
import { isMissingTable } from '../connection/errors.ts';
import type { Database } from '../schema.ts';
import { MIGRATIONS, type Migrations, nameLatest } from './index.ts';

/** `foreign`: there are tables, and they are not fleet's; `unfinished`: a copy into it has not ended. */
export type SchemaState = 'empty' | 'foreign' | 'unfinished' | 'older' | 'current' | 'newer';

/** The table that is there for as long as a copy into the database has not ended. */
export const UNFINISHED_COPY = 'unfinished_copy';

/** How the schema of the database stands to the one that this program knows. */
export async function readSchemaState(
  db: Kysely<Database>,
  known: Migrations = MIGRATIONS,
): Promise<SchemaState> {
  const marks = await readMarks(db);
  const applied = marks.filter((name) => name !== UNFINISHED_COPY);
  if (applied.length === 0) {
    if (!(await isForeign(db))) return 'empty';
    // Unless another process has created them since the first question.
    return (await readMarks(db)).length === 0 ? 'foreign' : await readSchemaState(db, known);
  }
  if (applied.some((name) => !(name in known))) return 'newer';
  if (marks.includes(UNFINISHED_COPY)) return 'unfinished';
  return applied.includes(nameLatest(known)) ? 'current' : 'older';
}

/** Throws `schema_old`, `schema_new` or `configuration` (exit 78) unless the state is `current`. */
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
  if (state === 'unfinished') {
    throw new FleetError(
      'configuration',
      `The database ${location} holds an unfinished copy of another one.`,
      { hint: 'give the `fleet copy` that began it again: it goes on where it was' },
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

const FIND_UNFINISHED = {
  sqlite: sql`select name from sqlite_master where name = ${UNFINISHED_COPY}`,
  postgres: sql`select ${UNFINISHED_COPY}::text where to_regclass(${UNFINISHED_COPY}) is not null`,
};

/**
 * The migrations that were applied, and `UNFINISHED_COPY` where it is there. Asks for them at once
 * and not first whether there is such a table: to list the tables takes longer than all else that a
 * short command does with the database.
 */
async function readMarks(db: Kysely<Database>): Promise<string[]> {
  const unfinished = FIND_UNFINISHED[dialectOf(db)];
  const query = sql<{ name: string }>`select name from kysely_migration union all ${unfinished}`;
  try {
    return (await query.execute(db)).rows.map((row) => row.name);
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}
