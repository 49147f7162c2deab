import { type Kysely, sql } from 'kysely';
import { jsonRows } from '../bulk/statements.ts';
import { dialectOf } from '../connection/dialect.ts';
import type { Database } from '../schema.ts';

/** A token with what decides whether it may speak: read together, so that they agree. */
export interface Credential {
  hash: string;
  token_id: string;
  customer: string;
  expires_at: number | null;
  revoked_at: number | null;
  deactivated_at: number | null;
  overdue_after_ms: number | null;
  machine_limit: number | null;
  last_used_at: number | null;
}

/**
 * The credentials behind SHA-256 hashes (hex); unknown ones are left out. With `lock`, PostgreSQL
 * holds token and customer in share mode: a revocation waits for the transactions that rely on the
 * token, and none after it can.
 */
export async function readCredentials(
  db: Kysely<Database>,
  hashes: readonly string[],
  { lock = false }: { lock?: boolean } = {},
): Promise<Map<string, Credential>> {
  if (hashes.length === 0) return new Map();
  const rows = hashes.map((hash) => ({ hash }));
  const isPostgres = dialectOf(db) === 'postgres';
  const bytes = sql.raw(isPostgres ? "decode(k.hash, 'hex')" : 'unhex(k.hash)');
  const locking = sql.raw(lock && isPostgres ? 'for share of t, c' : '');
  const result = await sql<Credential>`
    select k.hash, t.id as token_id, t.customer, t.expires_at, t.revoked_at, c.deactivated_at,
      c.overdue_after_ms, c.machine_limit, u.last_used_at
    from ${jsonRows(db, { hash: 'text' }, rows)} as k
    join token as t on t.secret_hash = ${bytes}
    join customer as c on c.slug = t.customer
    left join token_use as u on u.customer = t.customer and u.token_id = t.id
    order by t.id ${locking}`.execute(db);
  return new Map(result.rows.map((row) => [row.hash, row]));
}
