import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../src/protocol/json/fault.ts';
import { type JsonFailure, parseJson } from '../../src/protocol/json.ts';

const OPTIONS = { maxDepth: 20 };

function fail(source: Uint8Array | string): JsonFailure {
  const parsed = parseJson(source, OPTIONS);
  if (parsed.ok) throw new Error('parsed');
  return parsed;
}

function nest(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

describe('parseJson', () => {
  it.each(['', ' \t\r\n', '\ufeff'])('reads the blank text %j as undefined', (text) => {
    expect(parseJson(text, OPTIONS)).toEqual({ ok: true, value: undefined });
    expect(parseJson(Buffer.from(text), OPTIONS)).toEqual({ ok: true, value: undefined });
  });

  it('tolerates a byte order mark', () => {
    const value = { ok: true, value: { a: 'ä' } };
    expect(parseJson('\ufeff{"a":"ä"}', OPTIONS)).toEqual(value);
    expect(parseJson(Buffer.from('\ufeff{"a":"ä"}'), OPTIONS)).toEqual(value);
  });

  it('takes the last of duplicate keys and keeps __proto__ a key', () => {
    const parsed = parseJson('{"a":1,"a":2,"__proto__":{"polluted":true}}', OPTIONS);
    if (!parsed.ok) throw new Error(parsed.detail);
    expect(Object.keys(parsed.value as object)).toEqual(['a', '__proto__']);
    expect((parsed.value as { a: number }).a).toBe(2);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['{"a":1', 6, "the text ends where ',' or the closing bracket was expected"],
    ['{', 1, "the text ends where a key in double quotes or '}' was expected"],
    ['[1,', 3, 'the text ends where a value was expected'],
    ['"abc', 4, 'the text ends inside a string'],
    ['{"a":1,}', 7, "expected a key in double quotes, found '}'"],
    ['[1,]', 3, "expected a value, found ']'"],
    ['{"a" 1}', 5, "expected ':' after the key, found '1'"],
    ['{"a":1 "b":2}', 7, `expected ',' or the closing bracket, found '"'`],
    ['[1}', 2, "expected ',' or the closing bracket, found '}'"],
    ["{'a':1}", 1, `found "'": JSON takes double quotes only`],
    ['{a:1}', 1, "expected a key in double quotes or '}', found 'a'"],
    ['{"a":NaN}', 5, "expected a value, found 'NaN': JSON has no NaN, write null"],
    ['{"a":True}', 5, "expected a value, found 'True': write true"],
    ['{"a":toString}', 5, "expected a value, found 'toString' ("],
    ['{"a":-}', 5, "expected a value, found '-'"],
    ['{"a":01}', 6, "expected ',' or the closing bracket, found '1'"],
    ['{"a":1.}', 6, "expected ',' or the closing bracket, found '.'"],
    ['{} {}', 3, "expected the end of the text, found '{'"],
    ['{"a":"\n"}', 6, 'an unescaped control character in a string (write \\u000a)'],
    ['"\\x"', 1, 'an invalid escape in a string'],
    ['"\\u12G4"', 1, 'an invalid escape in a string'],
    ['\u00a0{}', 0, 'expected a value, found'],
    ['{"t":fm_0123456789abcdef}', 5, "expected a value, found 'f'"],
  ])('says where and why %j is no JSON', (text, position, message) => {
    const failure = fail(text);
    expect(failure).toMatchObject({ problem: 'syntax', position });
    expect(failure.detail).toContain(message);
    expect(failure.detail).toContain(`(line `);
  });

  it('gives line and column', () => {
    expect(fail('{\n  "a": 1,\n  "b": x\n}').detail).toBe(
      "Not valid JSON: expected a value, found 'x' (line 3, column 8).",
    );
  });

  it.each([
    ['in the first byte', [0xff], 0, 0],
    ['after two characters', [0x22, 0xc3, 0xa4, 0xff, 0x22], 3, 2],
    ['a truncated sequence', [0x22, 0xe2, 0x82, 0x22], 1, 1],
    ['truncated at the end', [0x22, 0xef, 0xbf], 1, 1],
    ['EF without its rest', [0x22, 0xef, 0x22], 1, 1],
    ['EF BF and another byte', [0x22, 0xef, 0xbf, 0x41], 1, 1],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 1, 1],
    ['an overlong slash', [0xc0, 0xaf], 0, 0],
    ['after a genuine U+FFFD', [0x22, 0xef, 0xbf, 0xbd, 0xfe], 4, 2],
    ['after a byte order mark', [0xef, 0xbb, 0xbf, 0x22, 0x80], 4, 1],
  ])('says where UTF-8 is broken: %s', (_name, bytes, offset, position) => {
    const failure = fail(Uint8Array.from(bytes));
    expect(failure).toMatchObject({ problem: 'encoding', position });
    expect(failure.detail).toContain(`byte ${offset} is not valid UTF-8`);
    expect(parseJson(Buffer.from('{}'), OPTIONS).ok).toBe(true);
  });

  it('takes 20 levels and refuses 21 with the position of the bracket', () => {
    expect(parseJson(nest(20), OPTIONS).ok).toBe(true);
    expect(fail(`\n ${nest(21)}`)).toEqual({
      ok: false,
      problem: 'depth',
      position: 22,
      detail: 'Not valid JSON: nested deeper than 20 levels (line 2, column 22).',
    });
    expect(fail(`{"a":${nest(20)}}`)).toMatchObject({ problem: 'depth', position: 24 });
  });

  it('does not count brackets in strings or side by side', () => {
    const brackets = '[{'.repeat(50);
    expect(parseJson(JSON.stringify({ a: brackets, '[[[': `\\"${brackets}` }), OPTIONS).ok).toBe(
      true,
    );
    expect(parseJson(`[${Array(100).fill('{"\\\\":[]}').join(',')}]`, OPTIONS).ok).toBe(true);
  });

  it('answers a megabyte of brackets, escapes or digits at once', () => {
    const size = 1024 * 1024;
    const startedMs = performance.now();
    expect(fail('['.repeat(size)).problem).toBe('depth');
    expect(fail('{"a":'.repeat(size)).problem).toBe('depth');
    expect(fail(`"${'\\"'.repeat(size)}`).problem).toBe('syntax');
    expect(fail(`"${'\\'.repeat(size)}`).problem).toBe('syntax');
    expect(fail(`${'['.repeat(21)}"${'\\'.repeat(size)}`).problem).toBe('depth');
    expect(fail(`${'1'.repeat(size)}x`).problem).toBe('syntax');
    expect(fail(`${' '.repeat(size)}x`).problem).toBe('syntax');
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

/** A literal or an escape sequence that was cut is refused where it begins: `fals`, `\\u123`. */
const LONGEST_PART = 5;

const jsonLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'{}[]:,"\\\n\t 0-1.eE+ax', 'true', 'null', '"a"', '\\u0041', 'NaN'),
      fc.json(),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseJson, for all inputs', () => {
  it('finds a fault exactly where JSON.parse refuses', () => {
    fc.assert(
      fc.property(jsonLike, (text) => {
        expect(findJsonFault(text) === null).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('finds a fault in every changed document, at the token that was changed', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const prefix = text.slice(0, cut % text.length);
        const fault = findJsonFault(`${prefix}\u0001`);
        if (fault === null || fault === 'blank') throw new Error('no fault');
        expect(fault.position).toBeLessThanOrEqual(prefix.length);
        expect(fault.position).toBeGreaterThanOrEqual(prefix.length - LONGEST_PART);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on bytes, and gives a position inside the text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseJson(bytes, OPTIONS);
        if (parsed.ok) return;
        expect(parsed.position).toBeGreaterThanOrEqual(0);
        expect(parsed.position).toBeLessThanOrEqual(bytes.length);
        expect(parsed.detail).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the first broken byte as a strict decoder does', () => {
    const text = fc.string({ unit: 'binary', maxLength: 10 });
    const bytes = fc
      .tuple(text, fc.uint8Array({ maxLength: 6 }), text)
      .map(([head, middle, tail]) => Buffer.concat([Buffer.from(head), middle, Buffer.from(tail)]));
    fc.assert(
      fc.property(bytes, (source) => {
        const parsed = parseJson(source, OPTIONS);
        if (parsed.ok || parsed.problem !== 'encoding') return;
        const offset = Number(/byte (\d+)/.exec(parsed.detail)?.[1]);
        const strict = () => new TextDecoder('utf-8', { fatal: true });
        expect(() => strict().decode(source.subarray(0, offset))).not.toThrow();
        expect(() => strict().decode(source.subarray(0, offset + 4))).toThrow();
      }),
      { numRuns: 3000 },
    );
  });

  it('returns what JSON.parse returns', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'small', maxDepth: 10 }), (text) => {
        expect(parseJson(Buffer.from(text), OPTIONS)).toEqual({
          ok: true,
          value: JSON.parse(text),
        });
      }),
    );
  });
});
