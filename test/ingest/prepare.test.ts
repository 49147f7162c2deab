import { beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/db/tokens/credentials.ts';
import { OpenBatch } from '../../src/ingest/batch/open-batch.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { Step } from '../../src/ingest/open-request.ts';
import { type Acceptance, type BatchAcceptance, refuse } from '../../src/ingest/outcome.ts';
import { PART_LIMITS, prepareParts } from '../../src/ingest/prepare.ts';
import { buildBatch } from '../support/fleet-data.ts';
import { T0 } from '../support/instance-model.ts';

const TOKEN = 'fm_abcdefgh';
const CREDENTIAL: Credential = {
  hash: buildBatch(TOKEN, []).tokenHash,
  token_id: 'abcdefgh',
  customer: buildBatch(TOKEN, []).customer,
  ...{ expires_at: null, revoked_at: null, deactivated_at: null },
  ...{ overdue_after_ms: null, machine_limit: null, last_used_at: null },
};

const beat = { machine: 'press-1', software: 'app', kind: 'heartbeat' };
const line = JSON.stringify(beat);

const open = (text: string) =>
  new OpenBatch(
    { ...buildBatch(TOKEN, []), body: Buffer.from(text) },
    {
      limits: DEFAULT_INGEST_LIMITS.wire,
      describeFailure: () => refuse('internal_error', 'A bug.'),
    },
  );

/** How many messages each part has, of which every one is settled before the next is asked for. */
async function measureParts(requests: readonly OpenBatch[]): Promise<number[]> {
  const credentials = new Map([[CREDENTIAL.hash, CREDENTIAL]]);
  const parts: number[] = [];
  for await (const steps of prepareParts({ requests, credentials, nowMs: T0 })) {
    parts.push(steps.length);
    for (const step of steps) step.of.settle(step, ACCEPTED);
  }
  return parts.filter((count) => count > 0);
}

const ACCEPTED: Acceptance = {
  ok: true,
  accepted: 1,
  isDuplicate: false,
  warnings: [],
  tokenExpiresAtMs: null,
};

describe('the parts of what came at the same time', () => {
  it('take the lines of several batches together', async () => {
    expect(await measureParts([open(line), open(line), open(line)])).toEqual([3]);
  });

  it('hold few large bodies at a time, however few lines these have', async () => {
    const blanks = `${' '.repeat(900_000)}\n`.repeat(3);
    const bodies = Array.from({ length: 5 }, () => open(`${blanks}${line}`));
    expect(await measureParts(bodies)).toEqual([2, 2, 1]);
  });

  it('are measured by the diagnostics in their messages', async () => {
    const items = Array.from({ length: 400 }, (_, code) => ({ code, message: 'x', severity: 1 }));
    const report = JSON.stringify({ ...beat, kind: 'diagnostics', items });
    const perPart = Math.ceil(PART_LIMITS.changes / items.length);
    const lines = `${report}\n`.repeat(perPart + 1);
    expect(await measureParts([open(lines)])).toEqual([perPart, 1]);
  });
});

describe('a batch whose reading breaks off', () => {
  let batch: OpenBatch;
  let first: Step;

  beforeEach(async () => {
    batch = open([line, line, '  \r', line].join('\n'));
    await batch.unpack(CREDENTIAL);
    first = batch.read().next().value as Step;
  });

  it('says so of every line that is left, except blank ones', () => {
    batch.settle(first, ACCEPTED);
    batch.refuse(refuse('internal_error', 'A bug.'));
    const outcome = batch.finish() as BatchAcceptance;
    expect(outcome).toMatchObject({ ok: true, accepted: 1 });
    expect(outcome.rejected.map((each) => each.line)).toEqual([2, 4]);
  });

  it('is refused as a whole while nothing of it is accepted', () => {
    batch.refuse(refuse('internal_error', 'A bug.'));
    expect(batch.finish()).toMatchObject({ ok: false, reason: 'internal_error' });
  });
});
