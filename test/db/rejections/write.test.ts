import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLocation } from '../../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../../src/db/connection/open.ts';
import { type RecordedRejection, writeRejections } from '../../../src/db/rejections/write.ts';
import type { Database } from '../../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { createRejection } from '../../support/rejections.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const LIMITS = { maxRows: 10_000, maxBytes: 64 * 1024 * 1024 };

describe.each(DIALECTS)('writing the rejection log on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;
  let other: Kysely<Database>;

  beforeEach(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    other = await openAndMigrateDatabase(parseLocation(database.url));
  });

  afterEach(async () => {
    await db.destroy();
    await other.destroy();
    await database.drop();
  });

  async function write(
    rows: readonly RecordedRejection[],
    { by = db, limits = LIMITS }: { by?: Kysely<Database>; limits?: typeof LIMITS } = {},
  ): Promise<void> {
    await by.transaction().execute((trx) => writeRejections(trx, rows, { nowMs: NOW_MS, limits }));
  }

  function at(ms: number, changes: Partial<RecordedRejection> = {}): RecordedRejection {
    return createRejection({ first_at: ms, last_at: ms, ...changes });
  }

  async function readAll() {
    return await db.selectFrom('rejection').selectAll().orderBy('slot', 'desc').execute();
  }

  it('counts repetitions in one row, which shows the latest', async () => {
    await write([at(NOW_MS, { payload: 'first', count: 2 })]);
    const [{ id } = { id: '' }] = await readAll();
    await write([at(NOW_MS + HOUR_MS, { payload: 'seconds', count: 3, detail: 'äh' })]);
    expect(await readAll()).toEqual([
      expect.objectContaining({
        ...{ id, slot: 0, count: 5, first_at: NOW_MS, last_at: NOW_MS + HOUR_MS },
        ...{ payload: 'seconds', detail: 'äh', bytes: 10 },
      }),
    ]);
  });

  it('opens a new episode after an hour without repetition', async () => {
    const later = NOW_MS + HOUR_MS + 1;
    await write([at(NOW_MS, { payload: 'old' })]);
    await write([at(later, { payload: 'new' })]);
    await write([at(later + 5)]);
    const rows = await readAll();
    expect(rows.map(({ slot, count, first_at }) => ({ slot, count, first_at }))).toEqual([
      { slot: NOW_MS, count: 1, first_at: NOW_MS },
      { slot: 0, count: 2, first_at: later },
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
  });

  it('keeps all episodes when the clock was set back between them', async () => {
    for (const ms of [NOW_MS, NOW_MS + 2 * HOUR_MS, NOW_MS - 5 * HOUR_MS]) await write([at(ms)]);
    await db.updateTable('rejection').set({ first_at: NOW_MS, last_at: NOW_MS }).execute();
    await write([at(NOW_MS + 4 * HOUR_MS)]);
    expect((await readAll()).map(({ slot }) => slot)).toEqual([NOW_MS + 1, NOW_MS, 0]);
  });

  it('leaves one open row when two nodes write the same at once, and loses no count', async () => {
    await write([at(NOW_MS)]);
    const machines = Array.from({ length: 20 }, (_, index) => `pc-${index}`);
    const later = NOW_MS + 2 * HOUR_MS;
    const batch = machines.map((machine) => at(later, { machine, digest: `digest-${machine}` }));
    batch.push(at(later));
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const rows = index % 2 ? batch : batch.toReversed();
        // On SQLite two connections of one thread would wait for each other for ever.
        await write(rows, { by: index % 2 || dialect === 'sqlite' ? db : other });
      }),
    );
    const rows = await readAll();
    expect(rows).toHaveLength(22);
    expect(rows.filter(({ slot }) => slot === 0).map(({ count }) => count)).toEqual(
      new Array(21).fill(10),
    );
  });

  it('deletes the oldest rows where there are too many', async () => {
    const limits = { ...LIMITS, maxRows: 5 };
    for (let index = 0; index < 12; index += 3) {
      const rows = [0, 1, 2].map((offset) =>
        at(NOW_MS + index + offset, { digest: `d${index + offset}` }),
      );
      await write(rows, { limits });
    }
    const rows = await readAll();
    expect(rows.map(({ digest }) => digest).sort()).toEqual(['d10', 'd11', 'd7', 'd8', 'd9']);
  });

  it('keeps an old row that was repeated', async () => {
    const limits = { ...LIMITS, maxRows: 2 };
    await write([at(NOW_MS, { digest: 'old' })], { limits });
    await write([at(NOW_MS + 1, { digest: 'middle' })], { limits });
    await write([at(NOW_MS + 2, { digest: 'old' })], { limits });
    await write([at(NOW_MS + 3, { digest: 'new' })], { limits });
    expect((await readAll()).map(({ digest }) => digest).sort()).toEqual(['new', 'old']);
  });

  it('deletes the oldest rows where they are too large, also when a repetition made them so', async () => {
    const limits = { ...LIMITS, maxBytes: 1000 };
    const payload = 'x'.repeat(300);
    for (let index = 0; index < 4; index++) {
      await write([at(NOW_MS + index, { digest: `d${index}`, payload, detail: '' })], { limits });
    }
    expect((await readAll()).map(({ digest }) => digest).sort()).toEqual(['d1', 'd2', 'd3']);
    await write([at(NOW_MS + 9, { digest: 'd3', payload: payload.repeat(3), detail: '' })], {
      limits,
    });
    expect((await readAll()).map(({ digest }) => digest)).toEqual(['d3']);
  });

  it('takes any text that a recorder hands over', async () => {
    const text = `"'\\\n\t\u2028 ${'😀'.repeat(50)} {{$1}} ;drop table rejection;`;
    const row = at(NOW_MS, {
      path: text,
      customer: text,
      detail: text,
      payload: text,
      errors: '[]',
    });
    await write([row]);
    expect(await readAll()).toEqual([expect.objectContaining(row)]);
  });
});
