import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Acceptance, type BatchAcceptance, refuse } from '../../../src/ingest/outcome.ts';
import type { BatchRequest, MessageRequest } from '../../../src/ingest/request.ts';
import {
  packOutcomes,
  packRequests,
  unpackOutcomes,
  unpackRequests,
} from '../../../src/ingest/writer/worker-packing.ts';

const sender = {
  customer: fc.string(),
  tokenHash: fc.string(),
  bearer: fc.string(),
  body: fc.uint8Array(),
  isGzip: fc.boolean(),
  receivedAtMs: fc.nat(),
  address: fc.string(),
};

const requests = fc.array(
  fc.oneof(
    fc.record<MessageRequest>({
      ...sender,
      endpoint: fc.constantFrom('heartbeat', 'diagnostics', 'status'),
      machine: fc.string(),
      software: fc.string(),
    }),
    fc.record<BatchRequest>({ ...sender, endpoint: fc.constant('batch') }),
  ),
);

const acceptances = fc.record<Acceptance>({
  ok: fc.constant(true),
  accepted: fc.nat(),
  isDuplicate: fc.boolean(),
  warnings: fc.array(fc.string(), { maxLength: 2 }),
  tokenExpiresAtMs: fc.option(fc.nat()),
});

const refusals = fc
  .string()
  .map((detail) => refuse('invalid_json', detail, { tokenId: 'abc', payload: '{' }));

const batches = fc.array(refusals, { maxLength: 2 }).map(
  (logged): BatchAcceptance => ({
    ...{ ok: true, accepted: 3, warnings: [], tokenExpiresAtMs: null },
    rejected: logged.map(({ reason, detail }, index) => ({ line: index + 1, reason, detail })),
    logged: logged.map((refusal, index) => ({
      ...refusal,
      ...{ line: index + 1, machine: 'press-1', software: '', kind: null },
    })),
  }),
);

const outcomes = fc.array(fc.oneof(acceptances, refusals, batches));

describe('a batch on its way to the thread', () => {
  it('arrives as it was sent', () => {
    fc.assert(
      fc.property(requests, (sent) => {
        expect(unpackRequests(structuredClone(packRequests(sent)))).toEqual(sent);
      }),
    );
  });

  it('leaves the bodies with their sender, who may need them again', () => {
    const body = new Uint8Array([1, 2, 3]);
    const sent =
      fc.sample(
        requests.filter((each) => each.length > 0),
        1,
      )[0] ?? [];
    const packed = packRequests(sent.map((request) => ({ ...request, body })));
    structuredClone(packed, { transfer: [packed.bodies.buffer] });
    expect(body).toEqual(new Uint8Array([1, 2, 3]));
  });
});

describe('the outcomes on their way back', () => {
  it('arrive as they were found', () => {
    fc.assert(
      fc.property(outcomes, (found) => {
        expect(unpackOutcomes(structuredClone(packOutcomes(found)))).toEqual(found);
      }),
    );
  });
});
