import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { inTransaction } from '../../src/db/change.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase, openDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';

// SQLite waits for a lock by blocking its thread, and here the one that holds it runs on the same.
const busyTimeoutMs = 1;

/** Opens two connections to a new database, as two processes would have them. */
export async function openTwice(url: string): Promise<[Kysely<Database>, Kysely<Database>]> {
  const location = parseLocation(url);
  const first = await openAndMigrateDatabase(location, { busyTimeoutMs });
  return [first, await openDatabase(location, { access: 'write', busyTimeoutMs })];
}

/** Runs the work in one transaction as soon as the other connection of `openTwice` lets it. */
export async function inTurn<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await inTransaction(db, work);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
      await sleep(1);
    }
  }
}
