import { describe, expect, it } from 'vitest';
import { MESSAGE_KINDS } from '../../src/protocol/messages.ts';
import { accept, refuse } from './support.ts';

const VALID = {
  heartbeat: {},
  diagnostics: { diagnostics: [] },
  status: { status: 'running' },
} as const;

const NOON_MS = Date.UTC(2026, 10, 22, 12);

function acceptTs(ts: unknown) {
  const { message, warnings } = accept('heartbeat', { ts });
  return { tsMs: message.tsMs, warnings };
}

describe('the envelope', () => {
  it.each(MESSAGE_KINDS)('is read from every kind: %s', (kind) => {
    const envelope = { ts: '2026-11-22T12:00:00Z', age_seconds: 1.5, session: 'a1', seq: 7 };
    const { message, warnings } = accept(kind, { ...VALID[kind], ...envelope });
    expect(message).toMatchObject({ tsMs: NOON_MS, ageSeconds: 1.5, session: 'a1', seq: 7 });
    expect(warnings).toEqual([]);
  });
});

describe('ts', () => {
  it.each([
    ['2026-11-22T12:00:00Z', NOON_MS],
    ['2026-11-22t12:00:00z', NOON_MS],
    ['2026-11-22 12:00:00Z', NOON_MS],
    ['2026-11-22T12:00:00.5Z', NOON_MS + 500],
    ['2026-11-22T12:00:00.123456789Z', NOON_MS + 123],
    ['2026-11-22T14:00:00+02:00', NOON_MS],
    ['2026-11-22T14:00:00.057+0200', NOON_MS + 57],
    ['2026-11-22T06:30:00-05:30', NOON_MS],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59.999Z', Date.parse('9999-12-31T23:59:59.999Z')],
    [NOON_MS / 1000, NOON_MS],
    [NOON_MS / 1000 + 0.25, NOON_MS + 250],
    [NOON_MS, NOON_MS],
    [NOON_MS + 0.4, NOON_MS],
    [0, 0],
    [99_999_999_999, 99_999_999_999_000],
    [1e11, 1e11],
    [-1, -1000],
    [-0.0001, 0],
  ])('%j is read', (ts, tsMs) => {
    expect(acceptTs(ts)).toEqual({ tsMs, warnings: [] });
  });

  it.each(['2026-11-22T12:00:00', '2026-11-22 12:00:00.000000'])(
    '%j without a zone is UTC, with a warning',
    (ts) => {
      expect(acceptTs(ts)).toEqual({
        tsMs: NOON_MS,
        warnings: ['ts has no time zone, taken as UTC'],
      });
    },
  );

  it.each([
    'yesterday',
    '',
    '2026-11-22',
    '2026-11-22T12:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-04-00T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T12:60:00Z',
    '2026-11-22T12:00:61Z',
    '2026-11-22T12:00:00.Z',
    '2026-11-22T12:00:00+24:00',
    '2026-11-22T12:00:00Z\n',
    `2026-11-22T12:00:00.${'1'.repeat(100_000)}Z`,
    '1763812800',
    1.7e15,
    1.7e18,
    -1e300,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    true,
    {},
    [],
    JSON.parse('{"toString":1}'),
  ])('%j is ignored with a short warning, and the message is kept', (ts) => {
    const { tsMs, warnings } = acceptTs(ts);
    expect(tsMs).toBeNull();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^ts .{1,70}ignored: neither RFC 3339 nor epoch/);
  });
});

describe('age_seconds', () => {
  it.each([0, 0.001, 34_560_000])('%j is taken', (age) => {
    expect(accept('heartbeat', { age_seconds: age }).message.ageSeconds).toBe(age);
  });

  it.each([-0.001, 34_560_000.5, Number.POSITIVE_INFINITY, '5', true])('%j is refused', (age) => {
    expect(refuse('heartbeat', { age_seconds: age })).toEqual([
      { path: 'age_seconds', message: 'must be a number from 0 to 34560000 (400 days)' },
    ]);
  });
});

describe('session and seq', () => {
  it('are taken up to their limits', () => {
    const pair = { session: 's'.repeat(64), seq: Number.MAX_SAFE_INTEGER };
    expect(accept('heartbeat', pair).message).toMatchObject(pair);
    expect(accept('heartbeat', { session: 's', seq: 0 }).message).toMatchObject({ seq: 0 });
  });

  it.each([
    [{ session: 's' }, "session ignored without 'seq': repeats are not recognized"],
    [{ session: 's', seq: null }, "session ignored without 'seq': repeats are not recognized"],
    [{ seq: 1 }, "seq ignored without 'session': repeats are not recognized"],
  ])('%j alone is ignored with a warning', (value, warning) => {
    const { message, warnings } = accept('heartbeat', value);
    expect(message).toMatchObject({ session: null, seq: null });
    expect(warnings).toEqual([warning]);
  });

  it.each([
    [{ session: '', seq: 1 }, 'session', 'must not be empty'],
    [{ session: 5, seq: 1 }, 'session', 'must be a string'],
    [{ session: 's'.repeat(65), seq: 1 }, 'session', 'must be at most 64 characters, not 65'],
    [{ session: 's', seq: -1 }, 'seq', 'must be an integer from 0 to 9007199254740991'],
    [{ session: 's', seq: 1.5 }, 'seq', 'must be an integer from 0 to 9007199254740991'],
    [{ session: 's', seq: '1' }, 'seq', 'must be an integer from 0 to 9007199254740991'],
    [{ session: 's', seq: 2 ** 53 }, 'seq', 'must be an integer from 0 to 9007199254740991'],
  ])('%j is refused', (value, path, message) => {
    expect(refuse('heartbeat', value)).toEqual([{ path, message }]);
  });
});
