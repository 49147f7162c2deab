import { chmodSync } from 'node:fs';
import { type Dialect, Kysely } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { MIGRATIONS, type Migrations, nameLatest } from '../migrations/index.ts';
import { migrateToLatest } from '../migrations/migrate.ts';
import { readSchemaState, requireCurrent, type SchemaState } from '../migrations/schema-state.ts';
import type { Database } from '../schema.ts';
import { inspectDatabaseFile } from './file.ts';
import { type DatabaseLocation, describeLocation } from './location.ts';

export interface OpenOptions {
  access: 'read' | 'write';
  /** SQLite: how long a statement waits for another process. */
  busyTimeoutMs?: number;
  /** PostgreSQL: connections of the pool. */
  poolSize?: number;
  /** PostgreSQL: how long the server may say nothing while it is asked something; no limit unless given. */
  silenceMs?: number;
}

export interface OpenWriteOptions extends Omit<OpenOptions, 'access'> {
  /** Told the location when the database had to be created. */
  onCreate?: (location: string) => void;
  /** Whether it may be one that is being copied into; others are refused. */
  isCopyTarget?: boolean;
}

export interface OpenAndMigrateOptions extends Omit<OpenOptions, 'access'> {
  /** Told what was done, if anything was. */
  onMigrate?: (migrated: Migrated) => void;
  /** The migrations that this program knows; others only for tests of upgrades. */
  migrations?: Migrations;
}

export interface Migrated {
  applied: string[];
  outcome: 'created' | 'upgraded';
  /** The copy of a SQLite database from before an upgrade; PostgreSQL has its own means. */
  backup: string | null;
}

/** The states from which migrations lead to the present schema. */
const CHANGEABLE: ReadonlySet<SchemaState> = new Set(['empty', 'older', 'current']);

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
const DEFAULT_POOL_SIZE = 4;

/** Opens an existing database of the present schema; throws `database_missing`, `schema_old` or `schema_new`. */
export async function openDatabase(
  location: DatabaseLocation,
  options: OpenOptions,
): Promise<Kysely<Database>> {
  requireFile(location);
  const db = await connect(location, options);
  return await withSchemaCheck(db, (opened) => requireUsableSchema(opened, location));
}

/** Opens the database for a command that writes, creating it where there is none yet. */
export async function openOrCreateDatabase(
  location: DatabaseLocation,
  { onCreate, isCopyTarget = false, ...options }: OpenWriteOptions = {},
): Promise<Kysely<Database>> {
  await createMissingFile(location);
  const db = await connect(location, { ...options, access: 'write' });
  return await withSchemaCheck(db, async () => {
    const state = await readSchemaState(db);
    const isGoingOn = isCopyTarget && state === 'unfinished';
    if (state !== 'empty' && !isGoingOn) return requireCurrent(state, describeLocation(location));
    const migrations = await migrateToLatest(db);
    if (migrations.length > 0) onCreate?.(describeLocation(location));
  });
}

/**
 * Opens the database for the programs that may change its schema (`serve`, `migrate`), and changes
 * it, after a backup where it holds data. Several processes may do it at once.
 */
export async function openAndMigrateDatabase(
  location: DatabaseLocation,
  { onMigrate, migrations = MIGRATIONS, ...options }: OpenAndMigrateOptions = {},
): Promise<Kysely<Database>> {
  await createMissingFile(location);
  const db = await connect(location, { ...options, access: 'write' });
  return await withSchemaCheck(db, async () => {
    const before = await readSchemaState(db, migrations);
    const backup = before === 'older' ? await backUp(db, location, migrations) : null;
    const where = describeLocation(location);
    if (!CHANGEABLE.has(before)) requireCurrent(before, where);
    const applied = await migrateToLatest(db, migrations);
    requireCurrent(await readSchemaState(db, migrations), where);
    if (applied.length === 0) return;
    onMigrate?.({ applied, outcome: before === 'empty' ? 'created' : 'upgraded', backup });
  });
}

async function backUp(
  db: Kysely<Database>,
  location: DatabaseLocation,
  migrations: Migrations,
): Promise<string | null> {
  if (location.kind === 'postgres') return null;
  const { backUpBeforeUpgrade } = await import('../migrations/upgrade-backup.ts');
  const { file } = location;
  return await backUpBeforeUpgrade(db, { file, schema: nameLatest(migrations), nowMs: Date.now() });
}

async function connect(
  location: DatabaseLocation,
  options: OpenOptions,
): Promise<Kysely<Database>> {
  return new Kysely({ dialect: await createDialect(location, options) });
}

// Imported when it is needed: the driver of the other database is dead weight in every start.
async function createDialect(location: DatabaseLocation, options: OpenOptions): Promise<Dialect> {
  if (location.kind === 'postgres') {
    const { createPostgresDialect } = await import('./postgres.ts');
    const { poolSize = DEFAULT_POOL_SIZE, silenceMs } = options;
    return createPostgresDialect(location.url, { poolSize, silenceMs });
  }
  const { createSqliteDialect } = await import('./sqlite.ts');
  const busyTimeoutMs = options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS;
  return createSqliteDialect(location.file, { readonly: options.access === 'read', busyTimeoutMs });
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
  if (location.kind === 'postgres' || inspectDatabaseFile(location.file)) return;
  throw refuseMissing(location);
}

async function requireUsableSchema(
  db: Kysely<Database>,
  location: DatabaseLocation,
): Promise<void> {
  const state = await readSchemaState(db);
  if (state === 'empty') throw refuseMissing(location);
  requireCurrent(state, describeLocation(location));
}

function refuseMissing(location: DatabaseLocation): FleetError {
  const where = describeLocation(location);
  return new FleetError('database_missing', `There is no fleet database at ${where} yet.`, {
    hint: 'fleet customer create my-company',
  });
}

async function createMissingFile(location: DatabaseLocation): Promise<void> {
  if (location.kind === 'postgres') return;
  const stats = inspectDatabaseFile(location.file);
  // An empty one that somebody made beforehand is as private as one of ours.
  if (stats) return stats.size === 0 ? chmodSync(location.file, 0o600) : undefined;
  const { createSqliteFile } = await import('./sqlite.ts');
  createSqliteFile(location.file);
}
