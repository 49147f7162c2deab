import { describe, expect, it } from 'vitest';
import type { FleetState } from '../../../src/domain/health/fleet.ts';
import { findOverdueLimit, judgeHealth, judgeLight } from '../../../src/domain/health/judge.ts';
import type { Light } from '../../../src/domain/health/light.ts';
import type { Watch } from '../../../src/domain/health/watch.ts';
import { beating, watchAt } from '../../support/health-state.ts';
import { DAY, HOUR, MINUTE, OVERDUE, SECOND, T0 } from '../../support/instance-model.ts';

interface Case {
  /** Told of an instance that sent a heartbeat at T0, and looked at so long after it. */
  what: string;
  state?: Partial<FleetState>;
  atMs?: number;
  watch?: Partial<Watch>;
  light: Light;
  codes?: string[];
}

const NEVER = { up_since: null, last_beat_at: null };
const says = (status: string, atMs = 0) => ({
  ...{ status, status_since: T0 + atMs, status_last_at: T0 + atMs },
});
const ERROR = { open_errors: 1, worst_code: 7, worst_text: 'disk failure', worst_since: T0 - HOUR };
const WARNING = {
  ...{ open_warnings: 1, newest_warning_at: T0 },
  ...{ worst_code: 3, worst_text: 'disk nearly full', worst_since: T0 - DAY },
};

const CASES: Case[] = [
  { what: 'a heartbeat just now', light: 'green' },
  { what: 'silence of exactly the limit', atMs: OVERDUE, light: 'green' },
  { what: 'silence above the limit', atMs: OVERDUE + 1, light: 'red', codes: ['overdue'] },
  { what: 'a clock that was set back since', atMs: -HOUR, light: 'green' },

  { what: 'nothing but its registration', state: NEVER, light: 'grey', codes: ['no_heartbeat'] },
  {
    what: 'a status and never a heartbeat, however long ago',
    state: { ...NEVER, ...says('running') },
    atMs: DAY,
    light: 'grey',
    codes: ['no_heartbeat'],
  },
  {
    what: 'a bad status and never a heartbeat',
    state: { ...NEVER, ...says('error') },
    light: 'red',
    codes: ['status_error'],
  },
  {
    what: 'a warning and never a heartbeat',
    state: { ...NEVER, ...WARNING },
    light: 'yellow',
    codes: ['open_warnings'],
  },
  {
    what: 'the word stopped and never a heartbeat',
    state: { ...NEVER, ...says('stopped') },
    atMs: DAY,
    light: 'yellow',
    codes: ['status_stopped'],
  },

  { what: 'status running', state: says('running'), light: 'green' },
  { what: 'any other word', state: says('errors'), light: 'green' },
  { what: 'status error', state: says('error'), light: 'red', codes: ['status_error'] },
  { what: 'an upper-case word', state: says('ERROR'), light: 'red', codes: ['status_error'] },
  { what: 'a word in spaces', state: says(' Error\n'), light: 'red', codes: ['status_error'] },
  { what: 'degraded', state: says('Degraded '), light: 'yellow', codes: ['status_degraded'] },

  {
    what: 'silence after the word stopped',
    state: says('stopped', 1),
    atMs: DAY,
    light: 'yellow',
    codes: ['status_stopped'],
  },
  {
    what: 'a stop in the very moment of the first heartbeat',
    state: says('Stopped', 0),
    atMs: DAY,
    light: 'yellow',
    codes: ['status_stopped'],
  },
  {
    what: 'stopped, and a heartbeat that opened a new up episode',
    state: says('stopped', -1),
    light: 'green',
  },
  {
    what: 'stopped, alive again and dead again',
    state: says('stopped', -1),
    atMs: OVERDUE + 1,
    light: 'red',
    codes: ['overdue'],
  },
  {
    what: 'stopped, and a new word since',
    state: says('running', 1),
    atMs: OVERDUE + 1,
    light: 'red',
    codes: ['overdue'],
  },

  { what: 'an open error', state: ERROR, light: 'red', codes: ['open_errors'] },
  {
    what: 'an acknowledged error',
    state: { ...ERROR, acknowledged_errors: 1 },
    light: 'yellow',
    codes: ['acknowledged_errors'],
  },
  {
    what: 'an acknowledged error and one more',
    state: { ...ERROR, open_errors: 2, acknowledged_errors: 1 },
    light: 'red',
    codes: ['open_errors', 'acknowledged_errors'],
  },
  {
    what: 'an acknowledged error that came again worse, so that nobody has acknowledged it',
    state: { ...ERROR, acknowledged_errors: 0 },
    light: 'red',
    codes: ['open_errors'],
  },

  { what: 'an open warning', state: WARNING, light: 'yellow', codes: ['open_warnings'] },
  {
    what: 'a warning of exactly 24 hours',
    state: { ...WARNING, last_beat_at: T0 + DAY },
    atMs: DAY,
    light: 'yellow',
    codes: ['open_warnings'],
  },
  {
    what: 'a warning that was not repeated for longer',
    state: { ...WARNING, last_beat_at: T0 + DAY },
    atMs: DAY + 1,
    light: 'green',
  },

  {
    what: 'two senders',
    state: { two_senders_at: T0 },
    light: 'yellow',
    codes: ['two_senders'],
  },
  {
    what: 'two senders an hour ago',
    state: { two_senders_at: T0, last_beat_at: T0 + HOUR },
    atMs: HOUR,
    light: 'yellow',
    codes: ['two_senders'],
  },
  {
    what: 'two senders longer ago',
    state: { two_senders_at: T0, last_beat_at: T0 + HOUR },
    atMs: HOUR + 1,
    light: 'green',
  },

  {
    what: 'everything at once, the worst first',
    state: {
      ...{ ...ERROR, ...says('degraded'), two_senders_at: T0 + OVERDUE },
      ...{ open_errors: 2, acknowledged_errors: 1, open_warnings: 1, newest_warning_at: T0 },
    },
    atMs: OVERDUE + 1,
    light: 'red',
    codes: [
      ...['overdue', 'open_errors', 'status_degraded'],
      ...['acknowledged_errors', 'open_warnings', 'two_senders'],
    ],
  },

  {
    what: 'silence while no server ever ran',
    atMs: DAY,
    watch: { watchedUntilMs: null },
    light: 'green',
  },
  {
    what: 'silence since the server stopped',
    atMs: DAY,
    watch: { watchedUntilMs: T0 + OVERDUE },
    light: 'green',
  },
  {
    what: 'silence that was too long before the server stopped',
    atMs: DAY,
    watch: { watchedUntilMs: T0 + OVERDUE + 1 },
    light: 'red',
    codes: ['overdue'],
  },
  {
    what: 'a server that is back, and was gone before the limit',
    atMs: HOUR + OVERDUE,
    watch: { unobserved: [{ started_at: T0 + MINUTE, ended_at: T0 + HOUR }] },
    light: 'green',
  },
  {
    what: 'a server that is back for longer than the limit',
    atMs: HOUR + OVERDUE + 1,
    watch: { unobserved: [{ started_at: T0 + MINUTE, ended_at: T0 + HOUR }] },
    light: 'red',
    codes: ['overdue'],
  },
  {
    what: 'a server just back, and a device that was overdue before',
    atMs: HOUR + 1,
    watch: { unobserved: [{ started_at: T0 + OVERDUE + 1, ended_at: T0 + HOUR }] },
    light: 'red',
    codes: ['overdue'],
  },
  {
    what: 'a server that restarts more often than the limit is long',
    atMs: 10 * MINUTE,
    watch: {
      unobserved: [3, 6, 9].map((minute) => ({
        started_at: T0 + minute * MINUTE,
        ended_at: T0 + minute * MINUTE + 30 * SECOND,
      })),
    },
    light: 'green',
  },
  {
    what: 'no server, and a word that needs none',
    state: says('error'),
    atMs: DAY,
    watch: { watchedUntilMs: T0 },
    light: 'red',
    codes: ['status_error'],
  },
];

describe('the light of an instance', () => {
  it.each(CASES)('is $light for $what', ({ state, atMs = 0, watch, light, codes = [] }) => {
    const instance = beating(state);
    const seen = watchAt(atMs, watch);
    const health = judgeHealth(instance, seen);
    expect(health.light).toBe(light);
    expect(judgeLight(instance, seen)).toBe(light);
    expect(health.reasons.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['of the instance', { overdue_after_ms: 1 }, 1],
    ['of its machine', { machine_overdue_after_ms: 2 }, 2],
    ['of its customer', { customer_overdue_after_ms: 3 }, 3],
    ['of the server', {}, OVERDUE],
  ])('goes by the limit %s, where none stands before it', (_, own, limitMs) => {
    const weaker = { machine_overdue_after_ms: 2, customer_overdue_after_ms: 3 };
    const [name] = Object.keys(own);
    const below = name === 'overdue_after_ms' ? { ...weaker, ...own } : own;
    const state = beating(below);
    expect(findOverdueLimit(state, watchAt(0))).toBe(limitMs);
    expect(judgeLight(state, watchAt(limitMs))).toBe('green');
    expect(judgeLight(state, watchAt(limitMs + 1))).toBe('red');
  });

  it('prefers the machine to the customer', () => {
    const limits = { machine_overdue_after_ms: 2, customer_overdue_after_ms: 3 };
    expect(findOverdueLimit(beating(limits), watchAt(0))).toBe(2);
  });
});

describe('a reason', () => {
  const tell = (state: Partial<FleetState>, atMs = 0, watch: Partial<Watch> = {}) =>
    judgeHealth(beating(state), watchAt(atMs, watch)).reasons.map(({ text, since }) => ({
      text,
      since,
    }));

  it('says how long it is silent, against which limit, and since when', () => {
    expect(tell({}, 12 * MINUTE)).toEqual([
      { text: 'no heartbeat for 12 m (limit 5 m)', since: T0 },
    ]);
  });

  it('counts silence up to the last moment at which somebody listened', () => {
    expect(tell({}, DAY, { watchedUntilMs: T0 + 12 * MINUTE })).toEqual([
      { text: 'no heartbeat for 12 m (limit 5 m)', since: T0 },
    ]);
  });

  it('quotes the device', () => {
    const state = { ...says('Error '), status_message: 'no paper' };
    expect(tell(state)).toEqual([{ text: 'status Error: no paper', since: T0 }]);
    expect(tell(says('degraded'))).toEqual([{ text: 'status degraded', since: T0 }]);
  });

  it('names the worst diagnostic with its group, and counts the others', () => {
    const state = { ...ERROR, open_errors: 3, acknowledged_errors: 1, ...{ open_warnings: 2 } };
    expect(tell({ ...state, newest_warning_at: T0 })).toEqual([
      { text: '2 unacknowledged errors: 7 disk failure', since: T0 - HOUR },
      { text: '1 acknowledged error', since: null },
      { text: '2 warnings', since: null },
    ]);
    expect(tell({ ...ERROR, acknowledged_errors: 1 })).toEqual([
      { text: '1 acknowledged error: 7 disk failure', since: T0 - HOUR },
    ]);
    expect(tell(WARNING)).toEqual([{ text: '1 warning: 3 disk nearly full', since: T0 - DAY }]);
  });

  it('tells when two senders alternated last, and of a path that never beat nothing more', () => {
    expect(tell({ two_senders_at: T0 })).toEqual([
      { text: 'two senders use this path', since: T0 },
    ]);
    expect(tell(NEVER)).toEqual([{ text: 'no heartbeat yet', since: null }]);
  });
});
