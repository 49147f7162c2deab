import { describe, expect, it } from 'vitest';
import {
  DEFAULT_REJECTION_LIMITS,
  type RejectionBatch,
  type RejectionLimits,
  RejectionRecorder,
} from '../../src/ingest/recorder.ts';
import { createRefusal } from '../support/rejections.ts';

const START_MS = Date.UTC(2026, 0, 1);
const TOKEN = `fm_AbCdEfGh_${'x'.repeat(38)}`;

function createRecorder(limits: Partial<RejectionLimits> = {}) {
  const written: RejectionBatch[] = [];
  const errors: unknown[] = [];
  const state = { nowMs: START_MS, fails: (_batch: RejectionBatch) => false, most: 0, running: 0 };
  const recorder = new RejectionRecorder({
    write: async (batch) => {
      state.running += 1;
      state.most = Math.max(state.most, state.running);
      await new Promise((resolve) => setImmediate(resolve));
      state.running -= 1;
      if (state.fails(batch)) throw new Error('The database is away.');
      written.push(batch);
    },
    clock: () => state.nowMs,
    limits: { ...DEFAULT_REJECTION_LIMITS, ...limits },
    onError: (error) => errors.push(error),
  });
  const listRows = () => written.flatMap(({ rows }) => rows);
  const sum = (key: 'refused' | 'notRecorded') =>
    written.reduce((total, batch) => total + batch[key], 0);
  return { recorder, written, errors, state, listRows, sum };
}

describe('RejectionRecorder', () => {
  it('folds 300 identical refusals into one row with the latest of them', async () => {
    const { recorder, written } = createRecorder();
    for (let index = 0; index < 300; index++) {
      recorder.record(createRefusal({ atMs: START_MS + index, detail: `try ${index}` }));
    }
    await recorder.close();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ refused: 300, notRecorded: 0 });
    expect(written[0]?.rows).toEqual([
      expect.objectContaining({
        count: 300,
        first_at: START_MS,
        last_at: START_MS + 299,
        detail: 'try 299',
        customer: 'my-company',
        endpoint: 'heartbeat',
      }),
    ]);
  });

  it.each([
    ['reason', { reason: 'token_missing' }],
    ['customer', { customer: 'other' }],
    ['machine', { machine: 'pc-2' }],
    ['software', { software: 'other' }],
    ['endpoint', { endpoint: 'status' }],
    ['token', { tokenId: 'AbCdEfGh' }],
    ['address', { address: '192.0.2.2' }],
  ] as const)('keeps refusals apart that differ in their %s', async (_name, changes) => {
    const { recorder, listRows } = createRecorder();
    recorder.record(createRefusal());
    recorder.record(createRefusal(changes));
    await recorder.close();
    expect(listRows()).toHaveLength(2);
  });

  it('folds what differs in payload, detail or query only', async () => {
    const { recorder, listRows } = createRecorder();
    const unknown = {
      reason: 'unknown_endpoint',
      customer: '',
      machine: '',
      software: '',
    } as const;
    recorder.record(
      createRefusal({ ...unknown, endpoint: '', path: '/heartbeat?ts=1', payload: '{}' }),
    );
    recorder.record(
      createRefusal({ ...unknown, endpoint: '', path: '/heartbeat?ts=2', payload: '[]' }),
    );
    await recorder.close();
    expect(listRows()).toEqual([
      expect.objectContaining({
        count: 2,
        endpoint: '/heartbeat',
        path: '/heartbeat?ts=2',
        payload: '[]',
      }),
    ]);
  });

  it('keeps bounds under a hundred thousand distinct refusals, and counts what it left out', async () => {
    const { recorder, listRows, sum, state } = createRecorder();
    const startMs = performance.now();
    for (let index = 0; index < 100_000; index++) {
      recorder.record(
        createRefusal({
          machine: `pc-${index}`,
          address: `2001:db8:${(index % 5000).toString(16)}::1`,
        }),
      );
      if (index % 1000 === 999) await new Promise((resolve) => setImmediate(resolve));
    }
    const tookMs = performance.now() - startMs;
    await recorder.close();
    expect(tookMs).toBeLessThan(10_000);
    expect(listRows().length).toBeLessThanOrEqual(
      DEFAULT_REJECTION_LIMITS.pendingRows * (5 + tookMs / 200),
    );
    expect(sum('refused')).toBe(100_000);
    expect(listRows().length + sum('notRecorded')).toBe(100_000);
    expect(state.most).toBe(1);
  });

  it('takes sixty new rows a minute from one address, and any number of repetitions', async () => {
    const { recorder, listRows, sum, state } = createRecorder();
    for (let index = 0; index < 100; index++)
      recorder.record(createRefusal({ machine: `pc-${index}` }));
    recorder.record(createRefusal({ address: '192.0.2.2' }));
    await recorder.flush();
    expect(listRows()).toHaveLength(61);
    expect(sum('notRecorded')).toBe(40);
    recorder.record(createRefusal({ machine: 'pc-0' }));
    await recorder.flush();
    expect(listRows()).toHaveLength(62);
    state.nowMs += 60_000;
    for (let index = 0; index < 100; index++)
      recorder.record(createRefusal({ machine: `pc-${index}` }));
    await recorder.flush();
    expect(sum('notRecorded')).toBe(40);
  });

  it('counts the addresses of one IPv6 /64 as one sender, and a neighbour as another', async () => {
    const { recorder, listRows } = createRecorder({ rowsPerMinute: 2 });
    for (const host of ['1', '2', '3', 'a:b:c:d']) {
      recorder.record(
        createRefusal({ address: `2001:db8:1:2:${host.includes(':') ? host : `:${host}`}` }),
      );
    }
    recorder.record(createRefusal({ address: '2001:db8:1:3::1' }));
    await recorder.close();
    expect(listRows().map(({ address }) => address)).toEqual([
      '2001:db8:1:2::1',
      '2001:db8:1:2::2',
      '2001:db8:1:3::1',
    ]);
  });

  it('knows an IPv4 address again that was mapped into IPv6', async () => {
    const { recorder, listRows } = createRecorder();
    recorder.record(createRefusal({ address: '::ffff:192.0.2.1' }));
    recorder.record(createRefusal({ address: '192.0.2.1' }));
    await recorder.close();
    expect(listRows()).toEqual([expect.objectContaining({ address: '192.0.2.1', count: 2 })]);
  });

  it('bounds the memory for payloads that wait, and keeps counting', async () => {
    const { recorder, listRows, sum } = createRecorder({ pendingBytes: 100_000 });
    for (let index = 0; index < 20; index++) {
      recorder.record(createRefusal({ machine: `pc-${index}`, payload: 'x'.repeat(10_000) }));
    }
    recorder.record(createRefusal({ machine: 'pc-0', payload: 'y'.repeat(90_000) }));
    await recorder.close();
    expect(listRows()).toHaveLength(4);
    expect(sum('notRecorded')).toBe(16);
    expect(listRows()[0]).toMatchObject({ count: 2, payload: 'x'.repeat(10_000) });
  });

  it('keeps the counts of a failed write, bounded, and writes them later', async () => {
    const { recorder, listRows, sum, state, errors } = createRecorder({ pendingRows: 3 });
    state.fails = () => true;
    for (const machine of ['a', 'b', 'c']) recorder.record(createRefusal({ machine }));
    await recorder.flush();
    for (const machine of ['a', 'd', 'e']) recorder.record(createRefusal({ machine }));
    await recorder.flush();
    expect(errors).toHaveLength(2);
    state.fails = () => false;
    await recorder.flush();
    expect(
      listRows()
        .map(({ machine, count }) => `${machine} ${count}`)
        .sort(),
    ).toEqual(['a 2', 'b 1', 'c 1']);
    expect(sum('refused')).toBe(6);
    expect(sum('notRecorded')).toBe(2);
  });

  it('gives up a row that alone is never taken, once others were', async () => {
    const { recorder, listRows, sum, state } = createRecorder();
    state.fails = ({ rows }) => rows.some(({ machine }) => machine === 'bad');
    for (const machine of ['a', 'b', 'bad', 'c', 'd']) recorder.record(createRefusal({ machine }));
    for (let attempt = 0; attempt < 12; attempt++) await recorder.flush();
    expect(
      listRows()
        .map(({ machine }) => machine)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd']);
    expect(sum('notRecorded')).toBe(1);
    expect(sum('refused')).toBe(5);
  });

  it('writes by itself, at most four times a second and one batch at a time', async () => {
    const { recorder, written, state } = createRecorder();
    const until = performance.now() + 1100;
    while (performance.now() < until) {
      recorder.record(createRefusal());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(written.length).toBeGreaterThanOrEqual(2);
    expect(written.length).toBeLessThanOrEqual(5);
    expect(state.most).toBe(1);
    await recorder.close();
  });

  it('counts what is no rejection, and what had no room, without a row', async () => {
    const { recorder, written } = createRecorder();
    recorder.count();
    recorder.skip(3);
    await recorder.close();
    expect(written).toEqual([{ rows: [], refused: 4, notRecorded: 3 }]);
  });

  it('leaves no secret in what came from the path', async () => {
    const { recorder, written } = createRecorder();
    const path = `/api/ingest/imported-token/${TOKEN}/app?token=hunter2`;
    recorder.record(
      createRefusal({
        ...{ customer: 'imported-token', machine: TOKEN, endpoint: '', path },
        bearer: 'imported-token',
      }),
    );
    await recorder.close();
    const text = JSON.stringify(written);
    for (const secret of ['imported-token', TOKEN.slice(12), 'hunter2']) {
      expect(text).not.toContain(secret);
    }
  });

  it('leaves nothing of the token where a slug or our own sentence contains it', async () => {
    const { recorder, listRows } = createRecorder();
    const detail = 'The machine host-imported-token has its 100 instances.';
    recorder.record(
      createRefusal({
        ...{ customer: 'my-company', machine: 'host-imported-token', detail },
        errors: [{ path: 'imported-token', message: 'imported-token is unknown' }],
        bearer: 'imported-token',
      }),
    );
    await recorder.close();
    expect(JSON.stringify(listRows())).not.toContain('imported-token');
    expect(listRows()[0]).toMatchObject({ customer: 'my-company' });
  });

  it('bounds every text, and leaves nothing that a database refuses', async () => {
    const { recorder, listRows } = createRecorder();
    const long = `\0\ud800${'ä'.repeat(20_000)}`;
    recorder.record(
      createRefusal({
        ...{ customer: long, path: long, detail: long, payload: long, endpoint: '' },
        errors: Array.from({ length: 50 }, () => ({ path: long, message: long })),
      }),
    );
    await recorder.close();
    const text = JSON.stringify(listRows());
    expect(text).not.toMatch(/\\u0000|\\ud800/);
    expect(Buffer.byteLength(text)).toBeLessThan(8 * 1024 + 2048 + 20 * 1300 + 6000);
  });
});
