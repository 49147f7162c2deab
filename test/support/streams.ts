/** Generated streams of messages: what devices send, and when it arrives. */
import fc from 'fast-check';
import type { Interval } from '../../src/ingest/transitions/observation.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import { DAY, HOUR, MINUTE, SECOND, T0 } from './instance-model.ts';

/** One message on its way: the payload as it is sent. */
export interface Sent {
  endpoint: MessageKind;
  payload: Record<string, unknown>;
  /** After T0. */
  receivedMs: number;
}

const WAITS_MS = [0, 1, SECOND, 30 * SECOND, 30 * SECOND, 2 * MINUTE, 6 * MINUTE, HOUR, 25 * HOUR];
const AGES = [
  0,
  0,
  0,
  0,
  0,
  0,
  10 * SECOND,
  4 * MINUTE,
  6 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  26 * HOUR,
];
const HECTIC_WAITS_MS = [0, SECOND, 10 * SECOND, 30 * SECOND, MINUTE];

const heartbeats = fc.record({
  endpoint: fc.constant('heartbeat' as const),
  /** Which of two processes on this path speaks; mostly the first. */
  sender: fc.constantFrom(0, 0, 0, 0, 0, 1),
  restarts: fc.constantFrom(false, false, false, false, true),
  tells: fc.constantFrom('uptime', 'uptime', 'pid', 'both', 'nothing'),
  version: fc.constantFrom(null, null, '1.0', '1.0', '1.1'),
  hostname: fc.constantFrom(null, null, null, 'press'),
});

const statuses = fc.record({
  endpoint: fc.constant('status' as const),
  payload: fc.record({
    status: fc.constantFrom('running', 'running', 'Running ', 'error', 'stopped'),
    message: fc.constantFrom(null, 'all well', 'jam'),
    snapshot: fc.constantFrom(null, { parts: 1 }, { parts: 2 }),
  }),
});

const items = fc.record({
  code: fc.constantFrom(1, 1, 2, 3),
  module: fc.constantFrom('', '', 'pump'),
  severity: fc.constantFrom(0, 1, 2),
  message: fc.constantFrom('a', 'b'),
});

const diagnostics = fc.record({
  endpoint: fc.constant('diagnostics' as const),
  payload: fc.record({ diagnostics: fc.array(items, { maxLength: 3 }) }),
});

function steps(waitsMs: readonly number[]) {
  return fc.record({
    waitMs: fc.constantFrom(...waitsMs),
    ageMs: fc.constantFrom(...AGES),
    isNumbered: fc.boolean(),
    isRepeated: fc.constantFrom(false, false, false, true),
    what: fc.oneof(heartbeats, statuses, diagnostics),
  });
}

type Step = ReturnType<typeof steps> extends fc.Arbitrary<infer Value> ? Value : never;

/** The messages of one instance, in the order in which they arrive: of days, or of a flapping hour. */
export function streams({ maxLength }: { maxLength: number }): fc.Arbitrary<Sent[]> {
  // Unbiased in size, since short streams have no history.
  const ofLength = { maxLength, size: 'max' } as const;
  const calm = fc.array(steps(WAITS_MS), ofLength);
  const hectic = fc.array(steps(HECTIC_WAITS_MS), ofLength);
  return fc.oneof(calm, hectic).map(play);
}

/** Stretches in which no server listened, within the first two days. */
export const unobservedTimes: fc.Arbitrary<Interval[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { maxLength: 3 })
  .map((hours) =>
    hours
      .sort((one, two) => one - two)
      .map((hour) => ({
        started_at: T0 + hour * HOUR,
        ended_at: T0 + hour * HOUR + 20 * MINUTE,
      })),
  );

/** Lets two processes live through the steps, so that uptimes and pids fit together. */
function play(lived: readonly Step[]): Sent[] {
  const processes = [
    { startedMs: -HOUR, pid: 100 },
    { startedMs: -DAY, pid: 200 },
  ];
  const sent: Sent[] = [];
  let nowMs = 0;
  for (const [seq, { waitMs, ageMs, isNumbered, isRepeated, what }] of lived.entries()) {
    nowMs += waitMs;
    const atMs = nowMs - ageMs;
    const number = isNumbered ? { session: 'one', seq } : {};
    const age = ageMs === 0 ? {} : { age_seconds: ageMs / SECOND };
    const payload = what.endpoint === 'heartbeat' ? beat(what, atMs) : what.payload;
    const message = { endpoint: what.endpoint, payload: { ...payload, ...number } };
    sent.push({ ...message, payload: { ...message.payload, ...age }, receivedMs: nowMs });
    if (isRepeated) sent.push({ ...(sent.at(-1) as Sent) });
  }
  return sent;

  function beat(told: Extract<Step['what'], { endpoint: 'heartbeat' }>, atMs: number) {
    const process = processes[told.sender] as (typeof processes)[number];
    if (told.restarts) Object.assign(process, { startedMs: atMs, pid: process.pid + 1 });
    const uptime = { uptime_seconds: Math.max(0, atMs - process.startedMs) / SECOND };
    const { pid } = process;
    const facts = { uptime, pid: { pid }, both: { ...uptime, pid }, nothing: {} }[told.tells];
    return { ...facts, version: told.version, hostname: told.hostname };
  }
}
