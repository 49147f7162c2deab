import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEN_YEARS_MS } from '../../../src/domain/time/duration.ts';
import {
  formatInstant,
  formatRelative,
  parseExpiry,
  parseSince,
} from '../../../src/domain/time/instant.ts';

const now = Date.parse('2026-11-23T09:15:00.000Z');
const NONSENSE = [
  '',
  '5',
  '1700000000',
  '-5d',
  '+5d',
  '1.5d',
  '2026-02-30',
  '2027-02-29',
  '2027-13-01',
  '2027-00-10',
  '2027-1-1',
  '2027-01-31T12:00:00',
  '2027-01-31T12:00Z',
  '2027-01-31T24:00:00Z',
  '2027-01-31T12:60:00Z',
  '2027-02-30T12:00:00Z',
  '2027-01-31T12:00:00+24:00',
  ' 5d',
  'tomorrow',
  '31.01.2027',
  '01/31/2027',
  '2027-01-31Z',
  '2027-01-31T12:00:00Z\n',
  'Never',
];

describe('parseExpiry', () => {
  it.each([
    ['90d', '2027-02-21T09:15:00.000Z'],
    ['1d12h', '2026-11-24T21:15:00.000Z'],
    ['2027-01-31', '2027-02-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2026-11-23', '2026-11-24T00:00:00.000Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:00.5+02:00', '2027-01-31T10:00:00.500Z'],
    ['2027-01-31t12:00:00z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31 12:00:00-05:30', '2027-01-31T17:30:00.000Z'],
  ])('resolves %s to %s', (text, expected) => {
    expect(formatInstant(parseExpiry(text, now) ?? 0)).toBe(expected);
  });

  it('has no instant for never', () => {
    expect(parseExpiry('never', now)).toBeNull();
  });

  it.each(NONSENSE)('refuses %j with examples', (text) => {
    expect(() => parseExpiry(text, now)).toThrow(/is no expiry: write for example 90d, 2027-01-31/);
  });

  it.each(['0s', '2026-11-22', '2026-11-23T09:15:00Z', '1999-12-31T23:59:59Z'])(
    'refuses %s, which is not in the future',
    (text) => {
      expect(() => parseExpiry(text, now)).toThrow(/not in the future/);
    },
  );

  it.each(['3654d', '2036-12-01', '9999-01-01T00:00:00Z'])(
    'refuses %s, which is more than ten years away',
    (text) => {
      expect(() => parseExpiry(text, now)).toThrow(/more than ten years/);
    },
  );

  it('throws usage errors', () => {
    for (const text of ['5', '2020-01-01', '9999-01-01']) {
      expect(() => parseExpiry(text, now)).toThrow(
        expect.objectContaining({ code: 'usage', exit: 2 }),
      );
    }
  });

  it('reads back what formatInstant writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: TEN_YEARS_MS }), (distanceMs) => {
        expect(parseExpiry(formatInstant(now + distanceMs), now)).toBe(now + distanceMs);
        expect(parseSince(formatInstant(now - distanceMs), now)).toBe(now - distanceMs);
      }),
    );
  });

  it('takes every real day and no other', () => {
    fc.assert(
      fc.property(
        // The end of the last day of 2036 is more than ten years away.
        fc.integer({ min: 2027, max: 2035 }),
        fc.nat(14),
        fc.nat(33),
        (year, month, day) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const date = new Date(Date.UTC(year, month - 1, day));
          const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
          const parse = () => parseExpiry(text, Date.UTC(2026, 11, 31));
          if (isReal) expect(parse()).toBe(date.getTime() + 86_400_000);
          else expect(parse).toThrow();
        },
      ),
    );
  });
});

describe('parseSince', () => {
  it.each([
    ['15m', '2026-11-23T09:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23T10:00:00+01:00', '2026-11-23T09:00:00.000Z'],
    ['0s', '2026-11-23T09:15:00.000Z'],
  ])('looks back from %s to %s', (text, expected) => {
    expect(formatInstant(parseSince(text, now))).toBe(expected);
  });

  it.each([...NONSENSE, 'never'])('refuses %j with examples', (text) => {
    expect(() => parseSince(text, now)).toThrow(/write for example 15m/);
  });

  it('refuses the future and what is too long ago', () => {
    expect(() => parseSince('2026-11-24', now)).toThrow(/in the future/);
    expect(() => parseSince('2006-01-01', now)).toThrow(/more than ten years ago/);
  });
});

describe('formatRelative', () => {
  it.each([
    [-3 * 60_000 - 12_000, '3 m ago'],
    [12 * 86_400_000 + 5, 'in 12 d'],
    [-999, 'now'],
    [0, 'now'],
    [1000, 'in 1 s'],
  ])('says for %d ms %s', (distanceMs, text) => {
    expect(formatRelative(now + distanceMs, now)).toBe(text);
  });
});
