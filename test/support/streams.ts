/** Generated streams of messages: what devices send, and when it arrives. */
import fc from 'fast-check';
import type { Interval } from '../../src/domain/time/observed.ts';
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
const HECTIC_WAITS_MS = [0, SECOND, 10 * SECOND, 10 * SECOND, 10 * SECOND, MINUTE, 6 * MINUTE];

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

type What = typeof heartbeats | typeof statuses | typeof diagnostics;

function steps(waitsMs: readonly number[], what: fc.Arbitrary<ValueOf<What>>) {
  return fc.record({
    waitMs: fc.constantFrom(...waitsMs),
    ageMs: fc.constantFrom(...AGES),
    isNumbered: fc.boolean(),
    isRepeated: fc.constantFrom(false, false, false, true),
    what,
  });
}

type ValueOf<Some> = Some extends fc.Arbitrary<infer Value> ? Value : never;
type Step = ValueOf<ReturnType<typeof steps>>;

const ANYTHING = fc.oneof(heartbeats, statuses, diagnostics);

/** The messages of one instance, in the order in which they arrive: of calm days, or of flapping hours. */
export function streams({ maxLength }: { maxLength: number }): fc.Arbitrary<Sent[]> {
  const calm = fc.array(steps(WAITS_MS, ANYTHING), { maxLength, size: 'max' });
  // Long enough to pass the bound of an hour more than once.
  const flapping = fc.constantFrom<What[]>(heartbeats, statuses, diagnostics).chain((one) => {
    const mostly = fc.oneof({ weight: 8, arbitrary: one as typeof ANYTHING }, ANYTHING);
    return fc.array(steps(HECTIC_WAITS_MS, mostly), { maxLength: 3 * maxLength, size: 'max' });
  });
  return fc.oneof(calm, flapping).map(play);
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
