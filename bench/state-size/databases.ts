/** The databases whose size is measured, and how each of them is. */
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import type { Scope } from '../scope.ts';

export interface MeasuredDatabase {
  db: Kysely<Database>;
  /** Bytes of the data. */
  size: () => Promise<number>;
  /** Bytes of write-ahead log so far; null where the database does not tell. */
  log: () => Promise<number | null>;
}

type Open = (scope: Scope, directory: string) => Promise<MeasuredDatabase>;

/** By the names that `--on` takes. */
export const DATABASES: ReadonlyMap<string, Open> = new Map([
  ['sqlite', openSqlite],
  ['postgres', openPostgres],
]);

async function openSqlite(scope: Scope, directory: string): Promise<MeasuredDatabase> {
  const file = join(directory, 'fleet.db');
  const db = await open(scope, file);
  const size = async () => {
    await sql`pragma wal_checkpoint(truncate)`.execute(db);
    return statSync(file).size;
  };
  return { db, size, log: async () => null };
}

async function openPostgres(scope: Scope, directory: string): Promise<MeasuredDatabase> {
  // The user that PostgreSQL runs as, if root started this, has to pass through.
  chmodSync(directory, 0o711);
  const server = await startPostgres(directory);
  await scope.add(() => server.stop());
  const db = await open(scope, server.url);
  const ask = async (text: string) => {
    const { rows } = await sql<{ bytes: number }>`${sql.raw(text)}`.execute(db);
    return Number(rows[0]?.bytes);
  };
  return {
    db,
    size: () => ask('select pg_database_size(current_database()) as bytes'),
    log: () => ask("select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes"),
  };
}

async function open(scope: Scope, location: string): Promise<Kysely<Database>> {
  const db = await openAndMigrateDatabase(parseLocation(location));
  await scope.add(() => db.destroy());
  return db;
}
