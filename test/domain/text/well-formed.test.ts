import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, toStorableText } from '../../../src/domain/text/well-formed.ts';

const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

describe('toStorableText', () => {
  it('replaces NUL and lone surrogates and leaves all else', () => {
    expect(toStorableText('a\0b\ud83dc\ude00 😀\n')).toBe('a\uFFFDb\uFFFDc\uFFFD 😀\n');
  });

  it('survives the way through UTF-8 unchanged, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const storable = toStorableText(text);
        expect(Buffer.from(storable, 'utf8').toString('utf8')).toBe(storable);
        expect(storable).not.toContain('\0');
        expect(storable).toHaveLength(text.length);
        expect(toStorableText(storable)).toBe(storable);
      }),
    );
  });
});

describe('cutText', () => {
  it.each([
    ['abc', 3, 'abc', false],
    ['abcd', 3, 'abc', true],
    ['ab😀', 3, 'ab', true],
    ['a\ude00', 1, 'a', true],
    ['ab😀', 4, 'ab😀', false],
    ['a', 0, '', true],
    ['', 0, '', false],
  ])('cuts %j at %d', (text, maxLength, expected, cut) => {
    expect(cutText(text, maxLength)).toEqual({ text: expected, cut });
  });

  it('keeps the beginning, the bound and every pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, maxLength) => {
        const result = cutText(text, maxLength);
        expect(text.startsWith(result.text)).toBe(true);
        expect(result.text.length).toBeLessThanOrEqual(maxLength);
        expect(result.text.isWellFormed()).toBe(true);
        expect(result.cut).toBe(result.text !== text);
      }),
    );
  });
});
