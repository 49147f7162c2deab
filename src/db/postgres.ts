import { PostgresDialect } from 'kysely';
import pg from 'pg';

const INT8_OID = 20;
const NUMERIC_OID = 1700;

/** A Kysely dialect over a pool of connections to the PostgreSQL server at `url`. */
export function createPostgresDialect(url: string, poolSize: number): PostgresDialect {
  return new PostgresDialect({ pool: async () => createPool(url, poolSize) });
}

function createPool(url: string, poolSize: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    application_name: 'fleet',
    types: { getTypeParser },
  });
  // Without a listener a server that ends an idle connection would end this process; the next
  // query reports what is wrong.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

/** Instants and counts are 64-bit in the database and well inside a double's integers here. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8_OID || oid === NUMERIC_OID) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}

function ignore(): void {}
