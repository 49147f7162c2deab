import { Socket } from 'node:net';
import { PostgresDialect } from 'kysely';
import pg from 'pg';

const INT8_OID = 20;
const NUMERIC_OID = 1700;

export interface PostgresOptions {
  poolSize: number;
  /** After this long without a byte a connection is given up; absent where a statement may take its time. */
  silenceMs?: number | undefined;
}

/** A Kysely dialect over a pool of connections to the PostgreSQL server at `url`. */
export function createPostgresDialect(url: string, options: PostgresOptions): PostgresDialect {
  return new PostgresDialect({ pool: async () => createPool(url, options) });
}

function createPool(url: string, { poolSize, silenceMs }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    keepAlive: true,
    ...(silenceMs !== undefined && { stream: () => createImpatientSocket(silenceMs) }),
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

/**
 * A connection that a failover or a firewall has swallowed tells nothing: without a limit the one
 * batch that waits for it would hold up all others for ever. Idle ones the pool closes earlier.
 */
function createImpatientSocket(silenceMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () =>
    socket.destroy(new Error(`Connection terminated: the server said nothing for ${silenceMs} ms`)),
  );
  return socket;
}

/** Instants and counts are 64-bit in the database and well inside a double's integers here. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8_OID || oid === NUMERIC_OID) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}

function ignore(): void {}
