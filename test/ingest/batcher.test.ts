import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Batcher, DEFAULT_BATCHER_LIMITS } from '../../src/ingest/batcher.ts';
import type { Outcome } from '../../src/ingest/outcome.ts';
import type { IngestRequest, MessageRequest } from '../../src/ingest/request.ts';

const ACCEPTED: Outcome = {
  ok: true,
  accepted: 1,
  isDuplicate: false,
  warnings: [],
  tokenExpiresAtMs: null,
};

/** A writer whose commits end when the test says so. */
class HeldWriter {
  readonly batches: string[][] = [];
  readonly #waiting: Array<() => void> = [];

  async commit(requests: readonly IngestRequest[]): Promise<Outcome[]> {
    this.batches.push(requests.map(nameOf));
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return requests.map((each) => ({ ...ACCEPTED, warnings: [nameOf(each)] }));
  }

  async release(): Promise<void> {
    while (this.#waiting.length === 0) await nextTurn();
    this.#waiting.shift()?.();
    await nextTurn();
  }
}

describe('batcher', () => {
  it('puts the requests of one moment into one batch', async () => {
    const { writer, batcher } = create();
    const outcomes = Promise.all([batcher.submit(request('a')), batcher.submit(request('b'))]);
    await writer.release();
    expect((await outcomes).map(warningOf)).toEqual(['a', 'b']);
    expect(writer.batches).toEqual([['a', 'b']]);
  });

  it('fills the next batch while one commits, and gives each request its own outcome', async () => {
    const { writer, batcher } = create();
    const first = batcher.submit(request('a'));
    await nextTurn();
    const others = Promise.all([batcher.submit(request('b')), batcher.submit(request('c'))]);
    await writer.release();
    expect(warningOf(await first)).toBe('a');
    await writer.release();
    expect((await others).map(warningOf)).toEqual(['b', 'c']);
    expect(writer.batches).toEqual([['a'], ['b', 'c']]);
  });

  it('takes no more requests into a transaction than it may', async () => {
    const { writer, batcher } = create({ batchRequests: 2 });
    const outcomes = Promise.all(['a', 'b', 'c'].map((name) => batcher.submit(request(name))));
    await writer.release();
    await writer.release();
    await outcomes;
    expect(writer.batches).toEqual([['a', 'b'], ['c']]);
  });

  it('ends a batch where its bodies unpack to more than it may hold', async () => {
    const { writer, batcher } = create({ batchBytes: 5_000 });
    const body = gzipSync(new Uint8Array(4_000));
    const bombs = ['a', 'b', 'c'].map((name) => ({ ...request(name), body, isGzip: true }));
    const outcomes = Promise.all(bombs.map((each) => batcher.submit(each)));
    await writer.release();
    await writer.release();
    await outcomes;
    expect(writer.batches).toEqual([['a', 'b'], ['c']]);
  });

  it('refuses as overloaded what exceeds the queue in number or bytes, and goes on afterwards', async () => {
    const { writer, batcher } = create({ queuedRequests: 2, queuedBytes: 100 });
    const waiting = [batcher.submit(request('a', 60)), batcher.submit(request('b', 30))];
    expect(await batcher.submit(request('c', 1))).toMatchObject({ reason: 'overloaded' });
    await writer.release();
    await Promise.all(waiting);
    expect(await batcher.submit(request('d', 101))).toMatchObject({ reason: 'overloaded' });
    const next = batcher.submit(request('e', 100));
    await writer.release();
    expect((await next).ok).toBe(true);
  });

  it('answers 503 and tells the log when the writer fails, and goes on with the next batch', async () => {
    const failures: unknown[] = [];
    let calls = 0;
    const commit = async (requests: readonly IngestRequest[]) => {
      calls += 1;
      if (calls === 1) throw new Error('the thread ended');
      return requests.map(() => ACCEPTED);
    };
    const batcher = new Batcher({ commit }, { onFailure: (error) => failures.push(error) });
    expect(await batcher.submit(request('a'))).toMatchObject({ reason: 'storage_unavailable' });
    expect((await batcher.submit(request('b'))).ok).toBe(true);
    expect(failures).toHaveLength(1);
  });

  it('drains what it has taken', async () => {
    const { writer, batcher } = create({ batchRequests: 1 });
    const outcomes = [batcher.submit(request('a')), batcher.submit(request('b'))];
    let isDrained = false;
    const drained = batcher.drain().then(() => {
      isDrained = true;
    });
    await writer.release();
    expect(isDrained).toBe(false);
    await writer.release();
    await drained;
    expect((await Promise.all(outcomes)).every(({ ok }) => ok)).toBe(true);
  });
});

function create(limits: Partial<typeof DEFAULT_BATCHER_LIMITS> = {}) {
  const writer = new HeldWriter();
  const onFailure = (error: unknown) => {
    throw error;
  };
  const batcher = new Batcher(writer, {
    limits: { ...DEFAULT_BATCHER_LIMITS, ...limits },
    onFailure,
  });
  return { writer, batcher };
}

function nameOf(request: IngestRequest): string {
  return request.endpoint === 'batch' ? request.customer : request.machine;
}

function request(machine: string, bytes = 2): MessageRequest {
  return {
    endpoint: 'heartbeat',
    customer: 'acme',
    machine,
    software: 'app',
    tokenHash: '',
    bearer: '',
    body: new Uint8Array(bytes),
    isGzip: false,
    receivedAtMs: 0,
    address: '127.0.0.1',
  };
}

function warningOf(outcome: Outcome): string | undefined {
  return outcome.ok ? outcome.warnings[0] : undefined;
}

async function nextTurn(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
