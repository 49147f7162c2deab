import type { Database as SqliteDatabase } from 'better-sqlite3';
import type { SqliteStatement } from 'kysely';

export const BEGIN_IMMEDIATE = 'begin immediate';

const POLL_MS = 0.5;
const CELL = new Int32Array(new SharedArrayBuffer(4));

/**
 * A statement that begins a transaction with the write lock, for which it waits at most `limitMs`,
 * blocking its thread. SQLite keeps no queue for that lock: whoever waits has to poll, and SQLite's
 * own handler soon does so only every 50 or 100 ms, and then rarely meets one of the short gaps that
 * a server under load leaves between its transactions.
 */
export function prepareBegin(database: SqliteDatabase, limitMs: number): SqliteStatement {
  const begin = database.prepare(BEGIN_IMMEDIATE) as unknown as SqliteStatement;
  return {
    reader: false,
    all: (parameters) => begin.all(parameters),
    iterate: (parameters) => begin.iterate(parameters),
    run(parameters) {
      database.pragma('busy_timeout = 0');
      try {
        return poll(() => begin.run(parameters), performance.now() + limitMs);
      } finally {
        database.pragma(`busy_timeout = ${limitMs}`);
      }
    },
  };
}

function poll<Result>(attempt: () => Result, endsAt: number): Result {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      // Also while another process recovers the database after a crash: SQLITE_BUSY_RECOVERY.
      const isLocked = (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ?? false;
      if (!isLocked || performance.now() >= endsAt) throw error;
      Atomics.wait(CELL, 0, 0, POLL_MS);
    }
  }
}
