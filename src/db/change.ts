import type { Kysely, Transaction } from 'kysely';
import { isDeadlock } from './connection/errors.ts';
import type { Database } from './schema.ts';

/** Who changes something, and when: what the audit trail records. */
export interface Change {
  nowMs: number;
  actor: string;
}

const MOST_ATTEMPTS = 5;

/**
 * Runs the work in one transaction and returns its result once it is committed; tries again when
 * PostgreSQL gave the transaction up in favour of another.
 */
export async function inTransaction<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt >= MOST_ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}
