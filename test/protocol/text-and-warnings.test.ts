import { describe, expect, it } from 'vitest';
import { accept, refuse } from './support.ts';

describe('text', () => {
  it.each([
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['a lone high surrogate', 'a\ud800b', 'a\uFFFDb'],
    ['a lone low surrogate', '\udc00', '\uFFFD'],
    ['a whole pair', '😀', '😀'],
  ])('is made storable: %s', (_name, sent, kept) => {
    const { message } = accept('heartbeat', { version: sent, ips: [sent], session: sent, seq: 1 });
    expect(message).toMatchObject({ version: kept, ips: [kept], session: kept });
  });

  it('is never cut within a surrogate pair', () => {
    const { message } = accept('heartbeat', { version: `${'x'.repeat(199)}😀` });
    expect(message.version).toBe('x'.repeat(199));
  });

  it('keeps a pair that ends at the limit', () => {
    const { message } = accept('heartbeat', { version: `${'x'.repeat(198)}😀y` });
    expect(message.version).toBe(`${'x'.repeat(198)}😀`);
  });
});

describe('warnings', () => {
  it('name unknown fields, so that a typo is seen', () => {
    const { warnings } = accept('heartbeat', { uptime: 3600, version: '1' });
    expect(warnings).toEqual(["unknown field 'uptime' ignored"]);
  });

  it('name __proto__ and constructor like any other field and change nothing', () => {
    const value = JSON.parse('{"__proto__":{"version":"9"},"constructor":1}');
    const { message, warnings } = accept('heartbeat', value);
    expect(message.version).toBeNull();
    expect(warnings).toEqual([
      "unknown field '__proto__' ignored",
      "unknown field 'constructor' ignored",
    ]);
    expect(({} as { version?: string }).version).toBeUndefined();
  });

  it('are at most ten', () => {
    const value = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`x${n}`, n]));
    expect(accept('heartbeat', value).warnings).toHaveLength(10);
  });

  it('about lost text are not crowded out by unknown fields', () => {
    const unknown = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`x${n}`, n]));
    const { warnings } = accept('heartbeat', { ...unknown, version: 'v'.repeat(201) });
    expect(warnings[0]).toBe('version cut to 200 characters');
  });

  it('are short and printable whatever the field is called', () => {
    const name = `\u001b[2J\u202e\n\u2028${'x'.repeat(10_000)}`;
    const [warning = ''] = accept('heartbeat', { [name]: 1 }).warnings;
    expect(warning.length).toBeLessThan(100);
    expect(warning).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it('tell a field unknown in many items once', () => {
    const item = { code: 1, severity: 0, message: 'ok', hint: 'x' };
    const { warnings } = accept('diagnostics', { items: Array(1000).fill(item) });
    expect(warnings).toEqual(["unknown field 'items[].hint' ignored"]);
  });
});

describe('errors', () => {
  it('are at most twenty', () => {
    expect(refuse('diagnostics', { items: Array(1000).fill(1) })).toHaveLength(20);
    expect(refuse('heartbeat', { ips: Array(64).fill(1) })).toHaveLength(20);
  });

  it('of several fields are told together', () => {
    const errors = refuse('heartbeat', { pid: -1, uptime_seconds: 'x', version: 1 });
    expect(errors.map(({ path }) => path).sort()).toEqual(['pid', 'uptime_seconds', 'version']);
  });
});
