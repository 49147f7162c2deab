import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../src/db/schema.ts';

/** Begins a transaction with `take`, and ends it, with `finish` where there is more to do, when released. */
export async function holdLocks(
  db: Kysely<Database>,
  take: (trx: Transaction<Database>) => Promise<unknown>,
  finish: (trx: Transaction<Database>) => Promise<unknown> = async () => undefined,
): Promise<{ release: () => Promise<void> }> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const done = db.transaction().execute(async (trx) => {
    await take(trx);
    taken.resolve();
    await released;
    await finish(trx);
  });
  await taken.promise;
  return {
    release: async () => {
      release();
      await done;
    },
  };
}

/** Waits until so many sessions of this PostgreSQL database wait for a lock. */
export async function waitForWaiting(db: Kysely<Database>, count: number): Promise<void> {
  for (;;) {
    const { waiting } = await db
      .selectFrom('pg_stat_activity' as never)
      .select((eb) => eb.fn.countAll().as('waiting'))
      .where('wait_event_type' as never, '=', 'Lock' as never)
      .where('datname' as never, '=', (eb) => eb.fn('current_database', []) as never)
      .executeTakeFirstOrThrow();
    if (Number(waiting) >= count) return;
  }
}
