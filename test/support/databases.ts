import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { askKeeper } from './keeper-client.ts';
import { refuseAvoidedSql } from './portable-client.ts';

export type Dialect = 'sqlite' | 'postgres';
export type TestDatabase = { url: string; drop(): Promise<void> };

refuseAvoidedSql();

const ALL_DIALECTS: readonly Dialect[] = ['sqlite', 'postgres'];
const onlyDialect = process.env.FLEET_TEST_DIALECT;

/** The databases to loop a suite over; FLEET_TEST_DIALECT restricts them to one. */
export const DIALECTS: readonly Dialect[] = ALL_DIALECTS.filter(
  (dialect) => !onlyDialect || onlyDialect === dialect,
);
if (DIALECTS.length === 0) throw new Error(`FLEET_TEST_DIALECT is one of ${ALL_DIALECTS}.`);

/** Returns a new directory of mode 0700 that is deleted when the test run ends. */
export async function createScratchDirectory(): Promise<string> {
  return mkdtemp(join(inject('scratch'), 'dir-'));
}

async function createSqliteFile(): Promise<TestDatabase> {
  const directory = await createScratchDirectory();
  return {
    url: join(directory, 'fleet.db'),
    drop: () => rm(directory, { recursive: true, force: true }),
  };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // `drop database … with (force)` ends connections of others; without a listener that is an
  // uncaught exception.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function createPostgresDatabase(locale = ''): Promise<TestDatabase> {
  const { postgresUrl } = await askKeeper({ do: 'postgres' });
  if (!postgresUrl) throw new Error('The test keeper gave no PostgreSQL.');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runStatement(postgresUrl, `create database ${name} template template0 ${locale}`);
  const url = new URL(postgresUrl);
  url.pathname = name;
  return {
    url: url.href,
    drop: () => runStatement(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}

/**
 * Returns the location of a new, empty database: the path of a SQLite file that does not exist yet
 * (in a directory of mode 0700), or a postgres:// URL. PostgreSQL is started by the first call.
 */
export async function createTestDatabase(dialect: Dialect): Promise<TestDatabase> {
  return dialect === 'sqlite' ? createSqliteFile() : createPostgresDatabase();
}

/** A PostgreSQL database that sorts texts as people do (`a`, `B`, `c`), and not by bytes. */
export async function createCollatedDatabase(): Promise<TestDatabase> {
  return createPostgresDatabase("locale_provider icu icu_locale 'en-US'");
}

/** A PostgreSQL database that passes over hyphens when it sorts, as those with a usual locale do. */
export async function createHyphenBlindDatabase(): Promise<TestDatabase> {
  return createPostgresDatabase("locale_provider icu icu_locale 'en-US-u-ka-shifted'");
}

/** A PostgreSQL database that can't hold every text. */
export async function createLatinDatabase(): Promise<TestDatabase> {
  return createPostgresDatabase("encoding 'LATIN1' locale 'C'");
}
