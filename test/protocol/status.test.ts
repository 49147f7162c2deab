import { describe, expect, it } from 'vitest';
import { accept, refuse } from './support.ts';

describe('a status', () => {
  it.each([
    ['running', 'running'],
    ['  Running\n', 'Running'],
    ['x', 'x'],
    ['x'.repeat(64), 'x'.repeat(64)],
    [` ${'x'.repeat(64)} `, 'x'.repeat(64)],
    ['😀'.repeat(64), '😀'.repeat(64)],
    ['störung', 'störung'],
  ])('word %j is kept as %j', (sent, kept) => {
    expect(accept('status', { status: sent }).message.status).toBe(kept);
  });

  it.each(['', '   ', 'x'.repeat(65), 1, true, {}, ['running']])('word %j is refused', (status) => {
    expect(refuse('status', { status })).toEqual([
      { path: 'status', message: 'must be a string of 1 to 64 characters' },
    ]);
  });

  it.each([[{}], [{ status: null }]])('is required: %j', (value) => {
    expect(refuse('status', value)).toEqual([{ path: 'status', message: 'is required' }]);
  });

  it('is not an empty body', () => {
    expect(refuse('status', undefined)).toEqual([
      { path: '', message: 'must be a JSON object, not empty' },
    ]);
  });

  it('has an optional message, cut at 4096 characters', () => {
    expect(accept('status', { status: 'ok', message: null }).message.message).toBeNull();
    const { message, warnings } = accept('status', { status: 'ok', message: 'm'.repeat(5000) });
    expect(message.message).toHaveLength(4096);
    expect(warnings).toEqual(['message cut to 4096 characters']);
    expect(refuse('status', { status: 'ok', message: 5 })[0]?.path).toBe('message');
  });
});

describe('a snapshot', () => {
  it.each([
    [null, null],
    [{}, '{}'],
    [{ cpu: 45, memory: 2048 }, '{"cpu":45,"memory":2048}'],
    [{ constructor: 1, toJSON: 'x' }, '{"constructor":1,"toJSON":"x"}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    [{ text: 'a\0\ud800' }, '{"text":"a\\u0000\\ud800"}'],
  ])('%j is kept as text', (snapshot, text) => {
    expect(accept('status', { status: 'ok', snapshot }).message.snapshot).toBe(text);
  });

  it.each([[[]], ['{}'], [1], [true]])('%j is refused', (snapshot) => {
    expect(refuse('status', { status: 'ok', snapshot })).toEqual([
      { path: 'snapshot', message: 'must be a JSON object' },
    ]);
  });

  it('is refused above 64 KiB, naming the limit', () => {
    const snapshot = { a: 'x'.repeat(65_536 - '{"a":""}'.length) };
    expect(accept('status', { status: 'ok', snapshot }).message.snapshot).toHaveLength(65_536);
    expect(refuse('status', { status: 'ok', snapshot: { a: `${snapshot.a}x` } })).toEqual([
      { path: 'snapshot', message: 'must be at most 65536 bytes of JSON, not 65537' },
    ]);
  });
});
