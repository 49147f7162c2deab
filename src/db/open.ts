import { existsSync, readFileSync, statSync } from 'node:fs';
import { Kysely } from 'kysely';
import { FleetError } from '../domain/errors.ts';
import { type DatabaseLocation, describeLocation } from './location.ts';
import { migrateToLatest, readSchemaState, requireCurrentSchema } from './migrate.ts';
import { createPostgresDialect } from './postgres.ts';
import type { Database } from './schema.ts';
import { createSqliteDialect, createSqliteFile } from './sqlite.ts';

export interface OpenOptions {
  access: 'read' | 'write';
  /** SQLite: how long a statement waits for another process. */
  busyTimeoutMs?: number;
  /** PostgreSQL: connections of the pool. */
  poolSize?: number;
}

export interface OpenWriteOptions extends Omit<OpenOptions, 'access'> {
  /** Told the location when the database had to be created. */
  onCreate?: (location: string) => void;
}

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
const DEFAULT_POOL_SIZE = 4;

/** Opens an existing database of the present schema; throws `database_missing`, `schema_old` or `schema_new`. */
export async function openDatabase(
  location: DatabaseLocation,
  options: OpenOptions,
): Promise<Kysely<Database>> {
  requireFile(location);
  return await withSchemaCheck(connect(location, options), requireCurrentSchema);
}

/** Opens the database for a command that writes, creating it where there is none yet. */
export async function openOrCreateDatabase(
  location: DatabaseLocation,
  { onCreate, ...options }: OpenWriteOptions = {},
): Promise<Kysely<Database>> {
  createMissingFile(location);
  return await withSchemaCheck(connect(location, { ...options, access: 'write' }), async (db) => {
    if ((await readSchemaState(db)) !== 'empty') return await requireCurrentSchema(db);
    const migrations = await migrateToLatest(db);
    if (migrations.length > 0) onCreate?.(describeLocation(location));
  });
}

/** Opens the database for the programs that may change its schema (`serve`, `migrate`), and changes it. */
export async function openAndMigrateDatabase(
  location: DatabaseLocation,
  options: Omit<OpenOptions, 'access'> = {},
): Promise<Kysely<Database>> {
  createMissingFile(location);
  return await withSchemaCheck(connect(location, { ...options, access: 'write' }), async (db) => {
    if ((await readSchemaState(db)) !== 'newer') await migrateToLatest(db);
    await requireCurrentSchema(db);
  });
}

function connect(location: DatabaseLocation, options: OpenOptions): Kysely<Database> {
  if (location.kind === 'postgres') {
    const poolSize = options.poolSize ?? DEFAULT_POOL_SIZE;
    return new Kysely({ dialect: createPostgresDialect(location.url, poolSize) });
  }
  requireOwner(location.file);
  const busyTimeoutMs = options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS;
  const readonly = options.access === 'read';
  return new Kysely({ dialect: createSqliteDialect(location.file, { readonly, busyTimeoutMs }) });
}

async function withSchemaCheck(
  db: Kysely<Database>,
  check: (db: Kysely<Database>) => Promise<void>,
): Promise<Kysely<Database>> {
  try {
    await check(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function requireFile(location: DatabaseLocation): void {
  if (location.kind === 'postgres' || existsSync(location.file)) return;
  throw new FleetError('database_missing', `There is no database at ${location.file} yet.`, {
    hint: 'fleet serve, or fleet customer create <slug>, creates it',
  });
}

function createMissingFile(location: DatabaseLocation): void {
  if (location.kind === 'postgres' || existsSync(location.file)) return;
  createSqliteFile(location.file);
}

/**
 * Another user's file is refused even to root: the WAL files would be created in the wrong name,
 * and the server could no longer write.
 */
function requireOwner(file: string): void {
  const owner = statSync(file).uid;
  if (process.getuid === undefined || owner === process.getuid()) return;
  const name = findUserName(owner);
  throw new FleetError('not_permitted', `The database ${file} belongs to ${name}, not to you.`, {
    hint: `sudo -u ${name} fleet …`,
  });
}

function findUserName(uid: number): string {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  return lines.find((line) => line.split(':')[2] === String(uid))?.split(':')[0] ?? `'#${uid}'`;
}
