import { describe, expect, it } from 'vitest';
import { DEFAULT_BATCHER_LIMITS } from '../../src/ingest/batcher.ts';
import { Lanes } from '../../src/ingest/lanes.ts';
import { type Outcome, refuse } from '../../src/ingest/outcome.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { buildBatch, buildRequest } from '../support/fleet-data.ts';

const TOKEN = 'fm_00000000_00000000000000000000000000000000000000';
const OUTCOME: Outcome = refuse('internal_error', 'Not looked at.');

/** Lanes in front of a writer whose commits of batches last until they are released. */
function createLanes(limits: Partial<typeof DEFAULT_BATCHER_LIMITS> = {}) {
  const held = Promise.withResolvers<void>();
  const commits: string[][] = [];
  const commit = async (requests: readonly IngestRequest[]) => {
    commits.push(requests.map(({ endpoint }) => endpoint));
    if (requests[0]?.endpoint === 'batch') await held.promise;
    return requests.map(() => OUTCOME);
  };
  const options = { limits: { ...DEFAULT_BATCHER_LIMITS, ...limits }, onFailure: () => undefined };
  return { lanes: new Lanes({ commit }, options), commits, release: held.resolve };
}

const beat = () => buildRequest(TOKEN, 'heartbeat');
const ofBytes = (bytes: number) => buildBatch(TOKEN, [], { body: new Uint8Array(bytes) });

describe('the two queues of a writer', () => {
  it('let a message be answered while a batch is still under way', async () => {
    const { lanes, commits, release } = createLanes();
    const batch = lanes.submitBatch(ofBytes(1_000));
    await lanes.submit(beat());
    expect(commits).toEqual([['batch'], ['heartbeat']]);
    release();
    expect(await batch).toBe(OUTCOME);
  });

  it('commit small batches together and large ones by themselves', async () => {
    const { lanes, commits, release } = createLanes();
    const sizes = [30_000, 30_000, 8_000_000, 30_000];
    const batches = sizes.map((bytes) => lanes.submitBatch(ofBytes(bytes)));
    release();
    await Promise.all(batches);
    expect(commits.map(({ length }) => length)).toEqual([3, 1]);
  });

  it('are full each for itself', async () => {
    const { lanes, release } = createLanes({ queuedRequests: 1 });
    const [first, second] = [lanes.submitBatch(ofBytes(1)), lanes.submitBatch(ofBytes(1))];
    expect(await second).toMatchObject({ reason: 'overloaded' });
    expect(await lanes.submit(beat())).toBe(OUTCOME);
    release();
    expect(await first).toBe(OUTCOME);
  });

  it('are drained together', async () => {
    const { lanes, release } = createLanes();
    let isAnswered = false;
    void lanes.submitBatch(ofBytes(1)).then(() => {
      isAnswered = true;
    });
    setImmediate(release);
    await lanes.drain();
    await Promise.resolve();
    expect(isAnswered).toBe(true);
  });
});
