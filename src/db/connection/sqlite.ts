import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { listEachRow } from './each-row.ts';
import { BEGIN_IMMEDIATE, prepareBegin } from './write-lock.ts';

/** Below it, two processes that checkpoint at once can lose committed transactions. */
export const OLDEST_SQLITE = '3.51.3';

const STATEMENT_CACHE_SIZE = 256;

export interface SqliteOptions {
  readonly: boolean;
  /** How long a statement waits, blocking its thread, for another process's write lock. */
  busyTimeoutMs: number;
}

/** A Kysely dialect over one connection to `file`, with the pragmas of a durable installation. */
export function createSqliteDialect(file: string, options: SqliteOptions): SqliteDialect {
  return new FleetSqliteDialect({
    database: async () => cacheStatements(connect(file, options), options),
    readonly: options.readonly,
  });
}

/** Creates the directory (0700) and the file (0600) of a new database. */
export function createSqliteFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new SQLite(file);
  chmodSync(file, 0o600);
  database.close();
}

function connect(file: string, { readonly, busyTimeoutMs }: SqliteOptions): SQLite.Database {
  const database = new SQLite(file, { readonly, fileMustExist: true });
  // First, because already the switch to WAL can meet another process's lock.
  database.pragma(`busy_timeout = ${busyTimeoutMs}`);
  refuseOldSqlite(database);
  for (const pragma of readonly ? READER_PRAGMAS : WRITER_PRAGMAS) database.pragma(pragma);
  return database;
}

const READER_PRAGMAS = [
  'query_only = on',
  'trusted_schema = off',
  'temp_store = memory',
  'cache_size = -16000',
];

const WRITER_PRAGMAS = [
  'journal_mode = wal',
  // better-sqlite3 is built with NORMAL for WAL; an acknowledged message must be on disk.
  'synchronous = full',
  'foreign_keys = on',
  'trusted_schema = off',
  'temp_store = memory',
  'cache_size = -32768',
  'wal_autocheckpoint = 16000',
  'journal_size_limit = 67108864',
];

function refuseOldSqlite(database: SQLite.Database): void {
  const version = String(database.prepare('select sqlite_version() as v').pluck().get());
  if (!isOlder(version, OLDEST_SQLITE)) return;
  database.close();
  throw new FleetError(
    'configuration',
    `SQLite ${version} can lose committed data; ${OLDEST_SQLITE} or later is needed.`,
    { hint: 'npm ci' },
  );
}

function isOlder(version: string, limit: string): boolean {
  const [wanted, found] = [limit, version].map((text) => text.split('.').map(Number));
  const differing = wanted?.findIndex((part, index) => part !== found?.[index]) ?? -1;
  return differing >= 0 && (found?.[differing] ?? 0) < (wanted?.[differing] ?? 0);
}

/** Kysely prepares a statement for each execution; keeping them is worth a fifth of the ingest rate. */
function cacheStatements(database: SQLite.Database, { busyTimeoutMs }: SqliteOptions) {
  const begin = prepareBegin(database, busyTimeoutMs);
  const cache = new Map<string, SqliteStatement>();
  return {
    prepare(sql: string): SqliteStatement {
      if (sql === BEGIN_IMMEDIATE) return begin;
      const known = cache.get(sql);
      if (known) return known;
      const statement = repeatForEachRow(database.prepare(sql) as unknown as SqliteStatement);
      if (cache.size >= STATEMENT_CACHE_SIZE) cache.clear();
      cache.set(sql, statement);
      return statement;
    },
    close(): void {
      cache.clear();
      database.close();
    },
  };
}

function repeatForEachRow(statement: SqliteStatement): SqliteStatement {
  return {
    reader: statement.reader,
    all(parameters) {
      const rows = listEachRow(parameters);
      return rows ? rows.flatMap((row) => statement.all(row)) : statement.all(parameters);
    },
    run(parameters) {
      const rows = listEachRow(parameters);
      if (!rows) return statement.run(parameters);
      let changes = 0;
      for (const row of rows) changes += Number(statement.run(row).changes);
      return { changes, lastInsertRowid: 0 };
    },
    iterate: (parameters) => statement.iterate(parameters),
  };
}

interface FleetSqliteConfig {
  database: () => Promise<ReturnType<typeof cacheStatements>>;
  readonly: boolean;
}

/**
 * Kysely's own dialect begins deferred transactions, which fail at once with SQLITE_BUSY_SNAPSHOT
 * when another process committed between their read and their write, and migrates without one.
 */
class FleetSqliteDialect extends SqliteDialect {
  readonly #config: FleetSqliteConfig;

  constructor(config: FleetSqliteConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return this.#config.readonly
      ? new SqliteDriver(this.#config)
      : new ImmediateSqliteDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(BEGIN_IMMEDIATE));
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
