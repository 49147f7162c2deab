import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseLocation } from '../../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../../src/db/connection/open.ts';
import { clearRejections } from '../../../src/db/rejections/clear.ts';
import {
  countNotRecorded,
  countRejections,
  findNewestRejectionMs,
  getRejection,
  listRejections,
  listRejectionsChangedSince,
  type RejectionFilter,
} from '../../../src/db/rejections/queries.ts';
import { type RecordedRejection, writeRejections } from '../../../src/db/rejections/write.ts';
import type { Database } from '../../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { insertCustomers, insertInstance } from '../../support/fleet-rows.ts';
import { createRejection } from '../../support/rejections.ts';

describe.each(DIALECTS)('reading the rejection log on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['my-company', 'neighbour'], { deactivated: ['gone'] });
    await insertInstance(db, 'my-company/pc-1/app', { last_seen_at: 1000 });
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  afterEach(async () => {
    await db.deleteFrom('rejection').execute();
    await db.deleteFrom('node').execute();
  });

  async function write(...changes: Partial<RecordedRejection>[]): Promise<void> {
    const rows = changes.map((change, index) =>
      createRejection({ digest: `d${index}`, detail: `d${index}`, ...change }),
    );
    const limits = { maxRows: 1000, maxBytes: 1e9 };
    await db
      .transaction()
      .execute((trx) => writeRejections(trx, rows, { nowMs: Date.now(), limits }));
  }

  async function listDetails(filter: RejectionFilter): Promise<string[]> {
    const { items } = await listRejections(db, filter);
    return items.map(({ detail }) => detail);
  }

  it('lists the newest first, page by page', async () => {
    await write(...[3, 1, 2, 2, 2].map((last_at) => ({ last_at })));
    const seen: number[] = [];
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await listRejections(db, {}, { limit: 2, cursor });
      for (const { last_at, id } of page.items) {
        seen.push(last_at);
        ids.add(id);
      }
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([3, 2, 2, 2, 1]);
    expect(ids.size).toBe(5);
  });

  it('finds a customer in the path and in the token, and no other', async () => {
    await write(
      { customer: 'my-company', last_at: 3 },
      { customer: 'neighbour', token_customer: 'my-company', last_at: 2 },
      { customer: 'neighbour', last_at: 1 },
    );
    expect(await listDetails({ customers: ['my-company'] })).toEqual(['d0', 'd1']);
    expect(await countRejections(db, { customers: ['my-company'] })).toBe(2);
  });

  it.each([
    [{ machines: ['pc-2'] }, ['d1']],
    [{ software: ['other'] }, ['d2']],
    [{ reasons: ['token_expired', 'token_revoked'] }, ['d3', 'd2']],
    [{ addresses: ['2001:db8::1'] }, ['d3']],
    [{ sinceMs: 2 }, ['d3', 'd2']],
    [{ sinceMs: 2, software: ['other'], reasons: ['token_revoked'] }, ['d2']],
    [{ sinceMs: 3, software: ['other'] }, []],
    [{}, ['d3', 'd2', 'd1', 'd0']],
  ] as [RejectionFilter, string[]][])('filters by %j', async (filter, expected) => {
    await write(
      { last_at: 0 },
      { machine: 'pc-2', last_at: 1 },
      { software: 'other', reason: 'token_revoked', last_at: 2 },
      { address: '2001:db8::1', reason: 'token_expired', last_at: 3 },
    );
    expect(await listDetails(filter)).toEqual(expected);
    expect(await countRejections(db, filter)).toBe(expected.length);
  });

  it('counts a rejection as solved when its own path was accepted later, and only then', async () => {
    await write(
      { last_at: 999 },
      { last_at: 1000 },
      { last_at: 998, machine: 'pc-2' },
      { last_at: 997, customer: 'neighbour' },
      { last_at: 996, machine: '', software: '', endpoint: 'batch' },
    );
    const { items } = await listRejections(db, {});
    expect(items.filter(({ solved }) => solved).map(({ detail }) => detail)).toEqual(['d0']);
  });

  it('counts one for its content as solved only when its own endpoint was accepted later', async () => {
    const beats = { last_seen_at: 1000, last_beat_at: 1000, status_last_at: 500 };
    await insertInstance(db, 'my-company/pc-9/app', beats);
    const bad = { reason: 'invalid_payload', machine: 'pc-9', last_at: 700 };
    await write(
      { ...bad, endpoint: 'heartbeat' },
      { ...bad, endpoint: 'status' },
      { ...bad, endpoint: 'diagnostics' },
      { ...bad, endpoint: 'status', last_at: 499 },
      { ...bad, endpoint: 'status', reason: 'token_missing' },
      { ...bad, endpoint: 'batch/status' },
      { ...bad, endpoint: 'batch/heartbeat' },
    );
    const { items } = await listRejections(db, {});
    const solved = items.filter((each) => each.solved).map(({ detail }) => detail);
    expect(solved.sort()).toEqual(['d0', 'd3', 'd4', 'd6']);
  });

  it('says what to do, with the customer that was probably meant', async () => {
    await write(
      { customer: 'my-compnay', last_at: 3, reason: 'token_missing' },
      { customer: 'my-company', last_at: 2, reason: 'token_missing' },
      { customer: 'gnoe', last_at: 1, reason: 'token_missing' },
      { customer: 'gone', last_at: 0, reason: 'token_missing' },
    );
    const { items } = await listRejections(db, {});
    expect(items.map(({ hint }) => hint.command)).toEqual([
      'fleet token create my-company',
      'fleet token create my-company',
      'fleet customer create gnoe && fleet token create gnoe',
      'fleet customer activate gone',
    ]);
    expect(items[3]?.hint.text).toContain('is deactivated');
    expect(items[0]?.hint.text).toContain('did you mean "my-company"');
  });

  it('gives one rejection by its id, with the errors parsed and nothing of its storage', async () => {
    const errors = [{ path: 'items[0].code', message: 'must be an integer' }];
    await write({ errors: JSON.stringify(errors), payload: '{"a":1}' });
    const id = (await listRejections(db, {})).items[0]?.id ?? '';
    const found = await getRejection(db, id);
    expect(found).toMatchObject({ id, errors, payload: '{"a":1}', count: 1 });
    for (const key of ['digest', 'slot', 'bytes', 'known_customer', 'accepted_at']) {
      expect(found).not.toHaveProperty(key);
    }
    expect(await getRejection(db, 'no-such-id')).toBeUndefined();
  });

  it('tells what is new or was repeated since an instant', async () => {
    await write({ last_at: 10 }, { last_at: 20, count: 3 }, { last_at: 30, customer: 'neighbour' });
    const changed = await listRejectionsChangedSince(db, { customers: ['my-company'] }, 20);
    expect(changed).toEqual([{ id: expect.any(String), count: 3 }]);
    expect(await findNewestRejectionMs(db)).toBe(30);
  });

  it('knows no newest one of an empty log', async () => {
    expect(await findNewestRejectionMs(db)).toBeNull();
    expect(await countNotRecorded(db)).toBe(0);
  });

  it('adds up what the nodes did not record', async () => {
    const node = {
      listening_since: 0,
      last_alive_at: 0,
      stopped_at: null,
      overdue_after_ms: 300_000,
      accepted: 0,
      refused: 0,
    };
    await db
      .insertInto('node')
      .values([
        { ...node, node: 'a', not_recorded: 3 },
        { ...node, node: 'b', not_recorded: 4 },
      ])
      .execute();
    expect(await countNotRecorded(db)).toBe(7);
  });

  it('clears what matches and leaves the rest', async () => {
    await write({ last_at: 1 }, { last_at: 2, machine: 'pc-2' }, { last_at: 3, machine: 'pc-2' });
    const clear = (filter: RejectionFilter) =>
      db
        .transaction()
        .execute((trx) => clearRejections(trx, filter, { actor: 'somebody', nowMs: 5 }));
    expect(await clear({ machines: ['pc-2'] })).toBe(2);
    expect(await listDetails({})).toEqual(['d0']);
    expect(await clear({ customers: ['my-company'] })).toBe(1);
    expect(await clear({})).toBe(0);
    const trail = await db.selectFrom('audit').selectAll().orderBy('customer').execute();
    expect(trail).toEqual([
      expect.objectContaining({ actor: 'somebody', at: 5, customer: '', subject: 'rejections' }),
      expect.objectContaining({ action: 'rejections clear', customer: 'my-company' }),
    ]);
    expect(JSON.parse(trail[0]?.detail ?? '')).toEqual({ cleared: 2, machines: ['pc-2'] });
  });
});
