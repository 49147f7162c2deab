import { describe, expect, it } from 'vitest';
import { decodeBatchLine } from '../../src/protocol/batch-line.ts';

const ADDRESS = { machine: 'server-01', software: 'my-app' };

describe('a batch line', () => {
  it.each([
    [
      { kind: 'heartbeat', version: '1.0.0' },
      { kind: 'heartbeat', version: '1.0.0' },
    ],
    [
      { kind: 'diagnostics', items: [] },
      { kind: 'diagnostics', items: [] },
    ],
    [
      { kind: 'status', status: 'running' },
      { kind: 'status', status: 'running' },
    ],
  ])('%j is read with its machine and software, without a warning', (payload, message) => {
    expect(decodeBatchLine({ ...ADDRESS, ...payload })).toMatchObject({
      ok: true,
      ...ADDRESS,
      message,
      warnings: [],
    });
  });

  it('names unknown fields', () => {
    expect(decodeBatchLine({ ...ADDRESS, kind: 'heartbeat', customer: 'x' })).toMatchObject({
      warnings: ["unknown field 'customer' ignored"],
    });
  });

  it.each(['A', 'my_app', '-a', '', 'ä', 'a\n', 'a'.repeat(129), 5, [], ['a'], {}])(
    'is refused for the slug %j, whatever the payload',
    (slug) => {
      const rule =
        'must be 1 to 128 lowercase letters, digits and hyphens, starting with a letter or digit';
      expect(decodeBatchLine({ machine: slug, software: 'my-app', kind: 'nonsense' })).toEqual({
        ok: false,
        reason: 'invalid_slug',
        errors: [{ path: 'machine', message: rule }],
        machine: typeof slug === 'string' ? slug : '',
        software: 'my-app',
        kind: null,
      });
    },
  );

  it('takes slugs of 128 characters and of digits', () => {
    const line = { machine: '0'.repeat(128), software: '7', kind: 'heartbeat' };
    expect(decodeBatchLine(line)).toMatchObject({ ok: true });
  });

  it('names both slugs where both are missing', () => {
    expect(decodeBatchLine({ kind: 'heartbeat', machine: null })).toEqual({
      ok: false,
      reason: 'invalid_slug',
      errors: [
        { path: 'machine', message: 'is required' },
        { path: 'software', message: 'is required' },
      ],
      machine: '',
      software: '',
      kind: 'heartbeat',
    });
  });

  it.each(['check', 'Heartbeat', '__proto__', 'constructor', 5, {}, ['heartbeat']])(
    'is refused for the kind %j',
    (kind) => {
      expect(decodeBatchLine({ ...ADDRESS, kind })).toEqual({
        ok: false,
        reason: 'invalid_payload',
        errors: [{ path: 'kind', message: "must be 'heartbeat', 'diagnostics' or 'status'" }],
        ...ADDRESS,
        kind: null,
      });
    },
  );

  it('is refused without a kind', () => {
    expect(decodeBatchLine(ADDRESS)).toMatchObject({
      reason: 'invalid_payload',
      errors: [{ path: 'kind', message: "is required: 'heartbeat', 'diagnostics' or 'status'" }],
    });
  });

  it('is refused for its payload like a single message', () => {
    expect(decodeBatchLine({ ...ADDRESS, kind: 'diagnostics' })).toEqual({
      ok: false,
      reason: 'invalid_payload',
      errors: [{ path: 'diagnostics', message: 'is required' }],
      ...ADDRESS,
      kind: 'diagnostics',
    });
  });

  it.each([undefined, null, [], 'text', 5])('%j is no line', (value) => {
    expect(decodeBatchLine(value)).toMatchObject({ ok: false, reason: 'invalid_payload' });
  });
});
