import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { follow as followLog } from '../../src/cli/follow.ts';
import { openRejectionLog } from '../../src/cli/rejections/log.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase, openDatabase } from '../../src/db/connection/open.ts';
import type { RejectionEntry } from '../../src/db/rejections/entries.ts';
import { writeRejections } from '../../src/db/rejections/write.ts';
import type { Database } from '../../src/db/schema.ts';
import { DEFAULT_REJECTION_LIMITS, RejectionRecorder } from '../../src/ingest/recorder.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { createRefusal, createRejection } from '../support/rejections.ts';

const LIMITS = DEFAULT_REJECTION_LIMITS;

describe.each(DIALECTS)('following the rejection log on %s', (dialect) => {
  let database: TestDatabase;
  let writer: Kysely<Database>;
  let reader: Kysely<Database>;
  let controller: AbortController;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
    writer = await openAndMigrateDatabase(parseLocation(database.url));
    reader = await openDatabase(parseLocation(database.url), { access: 'read' });
    controller = new AbortController();
  });

  afterEach(async () => {
    await writer.destroy();
    await reader.destroy();
    await database.drop();
  });

  function follow(options: { last?: number; onAway?: () => void } = {}) {
    const { signal } = controller;
    const log = openRejectionLog(reader, {});
    return followLog(log, { last: 0, signal, intervalMs: 20, ...options });
  }

  async function write(changes: Parameters<typeof createRejection>[0]): Promise<void> {
    const rows = [createRejection(changes)];
    await writer
      .transaction()
      .execute((trx) => writeRejections(trx, rows, { nowMs: 1, limits: LIMITS }));
  }

  it('sees everything that a live recorder writes, each look a rejection once', async () => {
    const recorder = new RejectionRecorder({
      write: async ({ rows }) =>
        await writer
          .transaction()
          .execute((trx) => writeRejections(trx, rows, { nowMs: Date.now(), limits: LIMITS })),
      clock: Date.now,
      limits: { ...LIMITS, writeIntervalMs: 10 },
      onError: (error) => expect.unreachable(String(error)),
    });
    const until = Date.now() + 500;
    const recording = (async () => {
      let sent = 0;
      for (; Date.now() < until; sent++) {
        recorder.record(createRefusal({ machine: `pc-${sent % 3}`, atMs: Date.now() }));
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      await recorder.close();
      return sent;
    })();
    const counts = new Map<string, number>();
    let looks = 0;
    for await (const entries of follow()) {
      looks += 1;
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
      for (const { id, count } of entries) {
        expect(count).toBeGreaterThan(counts.get(id) ?? 0);
        counts.set(id, count);
      }
      if (Date.now() > until && sum(counts) === (await recording)) controller.abort();
    }
    expect(looks).toBeGreaterThan(3);
    expect(counts.size).toBe(3);
  });

  it('shows what a node wrote late, but not what was there before', async () => {
    await write({ digest: 'old', detail: 'old', last_at: 1_000_000 });
    const seen: string[] = [];
    for await (const entries of startWith(follow(), () =>
      write({ digest: 'late', last_at: 900_000 }),
    )) {
      seen.push(...entries.map(({ detail, last_at }) => `${detail} ${last_at}`));
      controller.abort();
    }
    expect(seen).toEqual(['The token is not known here. 900000']);
  });

  it('goes on after a time in which the database did not answer', async () => {
    const broken = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    let failures = 3;
    const { selectFrom } = reader;
    const told: string[] = [];
    const following = follow({ onAway: () => told.push('away') });
    const first = following.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    reader.selectFrom = ((...args: Parameters<typeof selectFrom>) => {
      if (failures-- > 0) throw broken;
      return selectFrom.apply(reader, args);
    }) as typeof selectFrom;
    await write({ detail: 'after', last_at: 5 });
    const { value } = await first;
    expect((value as RejectionEntry[]).map(({ detail }) => detail)).toEqual(['after']);
    expect(told).toEqual(['away']);
    controller.abort();
  });
});

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Follows, and does something once the following has looked for the first time. */
async function* startWith<T>(generator: AsyncGenerator<T>, action: () => Promise<void>) {
  const first = generator.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await action();
  const { value, done } = await first;
  if (!done) yield value;
  yield* generator;
}
