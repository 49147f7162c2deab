import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type {
  AcceptedAnswer,
  BatchAnswer,
  CheckAnswer,
  Problem,
} from '../../src/protocol/answers.ts';
import { decodeBatchLine } from '../../src/protocol/batch-line.ts';
import { decodeMessage } from '../../src/protocol/decode.ts';
import { DEFAULT_WIRE_LIMITS } from '../../src/protocol/limits.ts';
import { createWireSchemas } from '../../src/protocol/schemas.ts';
import { jsonValue, messageKind, nearPayload } from './arbitraries.ts';

const schemas = createWireSchemas();

describe('the published schemas', () => {
  it('accept and refuse what the decoders accept and refuse', () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(messageKind, fc.oneof(nearPayload, jsonValue), (kind, value) => {
        const { ok } = decodeMessage(kind, value);
        outcomes[ok ? 'accepted' : 'refused'] += 1;
        expect(schemas[kind].safeParse(value).success).toBe(ok);
      }),
      { numRuns: 4000 },
    );
    expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(400);
  });

  it('agree with the decoder of batch lines', () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(nearPayload, jsonValue), (value) => {
        const { ok } = decodeBatchLine(value);
        outcomes[ok ? 'accepted' : 'refused'] += 1;
        expect(schemas.batchLine.safeParse(value).success).toBe(ok);
      }),
      { numRuns: 4000 },
    );
    expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(400);
  });

  it('agree with the decoders under other limits', () => {
    const limits = {
      ...DEFAULT_WIRE_LIMITS,
      statusLength: 6,
      ipsCount: 1,
      contextBytes: 8,
      diagnosticsItems: 2,
      moduleLength: 2,
      snapshotBytes: 20,
      sessionLength: 3,
      ipLength: 4,
    };
    const narrow = createWireSchemas({ limits });
    fc.assert(
      fc.property(messageKind, nearPayload, (kind, value) => {
        expect(narrow[kind].safeParse(value).success).toBe(
          decodeMessage(kind, value, { limits }).ok,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('can all be written as JSON Schema', () => {
    for (const schema of Object.values(schemas)) {
      const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }));
      expect(text.length).toBeGreaterThan(100);
    }
  });

  it('carry the limits into the JSON Schema', () => {
    const text = JSON.stringify(z.toJSONSchema(schemas.batchLine, { io: 'input' }));
    expect(text).toContain('"maximum":4294967295');
    expect(text).toContain('"maxItems":1000');
    expect(text).toContain('"maxItems":64');
    expect(text).toContain('"enum":[0,1,2,"0","1","2"]');
    expect(text).toContain('"type":["object","null"],"description":"at most 65536 bytes of JSON"');
  });
});

describe('the schemas of the answers', () => {
  const accepted: AcceptedAnswer = {
    ok: true,
    accepted: 1,
    warnings: ["unknown field 'uptime' ignored"],
  };
  const rejected = { line: 3, reason: 'invalid_payload', detail: 'items[0].code is required' };
  const batch: BatchAnswer = { ok: true, accepted: 2, rejected: [rejected] };
  const check: CheckAnswer = {
    ok: true,
    would_register: null,
    token_id: 'Ab3dE6gH',
    token_expires_at: '2027-01-31T23:59:59Z',
    clock_skew_ms: -12,
    warnings: [],
  };
  const problem: Problem = {
    type: 'about:blank',
    title: 'Unprocessable Content',
    status: 422,
    detail: 'The payload is not valid.',
    reason: 'invalid_payload',
    errors: [{ path: 'items[3].severity', message: 'must be 0, 1 or 2' }],
    request_id: 'r1',
  };

  it('describe the answer types', () => {
    expect(schemas.accepted.parse(accepted)).toEqual(accepted);
    expect(schemas.batch.parse(batch)).toEqual(batch);
    expect(schemas.check.parse(check)).toEqual(check);
    expect(schemas.problem.parse(problem)).toEqual(problem);
  });

  it('take any reason, as a client must, unless the closed list is given', () => {
    const closed = createWireSchemas({ reasons: ['rate_limited'] });
    expect(schemas.problem.safeParse({ ...problem, reason: 'new' }).success).toBe(true);
    expect(closed.problem.safeParse(problem).success).toBe(false);
    expect(closed.problem.safeParse({ ...problem, reason: 'rate_limited' }).success).toBe(true);
  });
});
