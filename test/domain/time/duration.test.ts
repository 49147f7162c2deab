import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FleetError } from '../../../src/domain/errors.ts';
import {
  formatDuration,
  formatDurationCompact,
  formatDurationRough,
  isDuration,
  parseDuration,
  TEN_YEARS_MS,
} from '../../../src/domain/time/duration.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 5 * MINUTE_MS],
    ['12h', 12 * HOUR_MS],
    ['90d', 90 * DAY_MS],
    ['2w', 14 * DAY_MS],
    ['1d12h', 36 * HOUR_MS],
    ['1w1d1h1m1s', 8 * DAY_MS + HOUR_MS + MINUTE_MS + 1000],
    ['0s', 0],
    ['3653d', TEN_YEARS_MS],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '5',
    '5 m',
    'm',
    '-5m',
    '+5m',
    '1.5h',
    '5M',
    '1h1d',
    '5m5m',
    '1y',
    '5m\n',
    'never',
    '٣m',
  ])('refuses %j with examples', (text) => {
    expect(() => parseDuration(text)).toThrow(/such as 90s, 5m, 12h, 30d or 1d12h\.$/);
  });

  it.each(['3654d', `${'9'.repeat(400)}w`])('refuses more than ten years: %s', (text) => {
    expect(() => parseDuration(text)).toThrow(/more than ten years/);
  });

  it('throws a usage error', () => {
    expect(() => parseDuration('5')).toThrow(expect.objectContaining({ code: 'usage', exit: 2 }));
    expect(() => parseDuration('5')).toThrow(FleetError);
  });
});

describe('formatDurationCompact', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [90_000, '1m30s'],
    [36 * HOUR_MS, '1d12h'],
    [90 * DAY_MS, '90d'],
    [-5, '0s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDurationCompact(ms)).toBe(text);
  });

  it('is read back as the same duration, exact to the second', () => {
    fc.assert(
      fc.property(fc.nat(TEN_YEARS_MS / 1000), (seconds) => {
        const text = formatDurationCompact(seconds * 1000);
        expect(isDuration(text)).toBe(true);
        expect(parseDuration(text)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [12 * MINUTE_MS, '12 m'],
    [3 * HOUR_MS + 20 * MINUTE_MS, '3 h 20 m'],
    [3 * HOUR_MS + 20 * MINUTE_MS + 59_000, '3 h 20 m'],
    [90_000, '1 m 30 s'],
    [DAY_MS + 5 * MINUTE_MS, '1 d'],
    [437 * DAY_MS, '437 d'],
    [400, '0 s'],
    [-1, '0 s'],
  ])('writes %d ms for people as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatDurationRough', () => {
  it.each([
    [3 * HOUR_MS + 20 * MINUTE_MS, '3 h'],
    [59_999, '59 s'],
    [0, '0 s'],
  ])('rounds %d ms down to %s', (ms, text) => {
    expect(formatDurationRough(ms)).toBe(text);
  });
});
