import { describe, expect, it } from 'vitest';
import { decodeCheck } from '../../src/protocol/check.ts';

const NO_ENVELOPE = { tsMs: null, ageSeconds: null, session: null, seq: null };

describe('a preflight check', () => {
  it.each([undefined, {}, { kind: null }])('may be empty: %j', (value) => {
    expect(decodeCheck(value)).toEqual({
      ok: true,
      message: null,
      envelope: NO_ENVELOPE,
      warnings: [],
    });
  });

  it('may be an envelope alone, to measure the clock', () => {
    expect(decodeCheck({ ts: 1_800_000_000 })).toMatchObject({
      ok: true,
      message: null,
      envelope: { tsMs: 1_800_000_000_000 },
    });
  });

  it('judges a payload that names its kind, with warnings', () => {
    expect(decodeCheck({ kind: 'heartbeat', uptime: 5, ts: 0 })).toMatchObject({
      ok: true,
      message: { kind: 'heartbeat' },
      envelope: { ...NO_ENVELOPE, tsMs: 0 },
      warnings: ["unknown field 'uptime' ignored"],
    });
    expect(decodeCheck({ kind: 'status' })).toEqual({
      ok: false,
      errors: [{ path: 'status', message: 'is required' }],
    });
  });

  it.each([
    ['a payload without its kind', { version: '1.0.0' }, 'kind'],
    ['an unknown kind', { kind: 'check' }, 'kind'],
    ['a wrong envelope', { age_seconds: -1 }, 'age_seconds'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('refuses %s', (_name, value, path) => {
    expect(decodeCheck(value)).toMatchObject({ ok: false, errors: [{ path }] });
  });
});
