import fc from 'fast-check';
import { MESSAGE_KINDS } from '../../src/protocol/messages.ts';

/** Text with everything in it that a database or a terminal does not take. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc
    .array(fc.constantFrom('a', '\0', '\ud800', '\udc00', '😀', ' ', '\u202e', '\n'), {
      maxLength: 12,
    })
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '',
    ' ',
    'running',
    'server-01',
    'heartbeat',
    '2',
    '1000',
    '2026-11-22T10:00:00Z',
  ),
  fc.constantFrom(64, 65, 128, 129, 200, 201, 4097).map((length) => 'x'.repeat(length)),
);

const number = fc.oneof(
  fc.constantFrom(0, -0, 1, 2, 3, -1, 0.5, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 34_560_001),
  fc.constantFrom(1e11, 1e12, 1e13, 1e300, Number.POSITIVE_INFINITY),
  fc.integer(),
  fc.double({ noNaN: true }),
);

/** Any value that JSON.parse can return (which includes Infinity, from 1e999). */
export const jsonValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Array(65).fill('a'), Array(1001).fill({}), {}) },
  { weight: 1, arbitrary: fc.constantFrom({ a: 'x'.repeat(8200) }, { a: '€'.repeat(22_000) }) },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":{"ok":1},"constructor":2}')) },
);

/** A value that is mostly right, and sometimes anything. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: jsonValue });
}

const item = fc.record(
  {
    code: mostly(fc.oneof(fc.maxSafeInteger(), fc.maxSafeInteger().map(String))),
    message: mostly(text),
    severity: mostly(fc.constantFrom(0, 1, 2, '0', '1', '2')),
    module: mostly(fc.constantFrom('', 'ssh', null)),
    context: mostly(fc.jsonValue({ maxDepth: 2 })),
    hint: jsonValue,
  },
  { requiredKeys: ['code', 'message', 'severity'] },
);

const items = mostly(fc.array(mostly(item), { maxLength: 4 }));
const addresses = mostly(fc.array(mostly(fc.constantFrom('10.0.0.5', '::1')), { maxLength: 3 }));

/** Bodies near the published ones: every field right, wrong, null or missing, in any mix. */
export const nearPayload: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    ts: mostly(fc.constantFrom('2026-11-22T10:00:00Z', '2026-11-22 10:00:00', 1.8e9, null)),
    age_seconds: mostly(fc.constantFrom(0, 1.5, null)),
    session: mostly(fc.constantFrom('a1b2', null)),
    seq: mostly(fc.nat()),
    version: mostly(text),
    uptime_seconds: mostly(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
    pid: mostly(fc.nat()),
    ips: addresses,
    ip_addresses: addresses,
    hostname: mostly(text),
    os: mostly(text),
    diagnostics: items,
    items,
    status: mostly(fc.constantFrom('running', ' Error ', 'x'.repeat(64))),
    message: mostly(text),
    snapshot: mostly(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })),
    machine: mostly(fc.constantFrom('server-01', '0')),
    software: mostly(fc.constantFrom('my-app', 'a-')),
    kind: mostly(fc.constantFrom(...MESSAGE_KINDS)),
  },
  { requiredKeys: ['machine', 'software', 'kind'] },
);

export const messageKind = fc.constantFrom(...MESSAGE_KINDS);
