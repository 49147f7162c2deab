import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/domain/text/printable.ts';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.integer({ min: 0, max: 0xff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom(
      '\x1b',
      '\x1b[',
      '\x1b]',
      '\x1b\\',
      '\x07',
      '\x9b',
      '\x9c',
      '0;',
      '31',
      'm',
      '\u202e',
      '\u200b',
      '\r\n',
    ),
  ),
});

describe('printable', () => {
  it.each([
    ['plain text, ümläut, 日本 and 😀', 'plain text, ümläut, 日本 and 😀'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x9b31mred', 'red'],
    ['\x1b]0;my title\x07rest', 'rest'],
    ['\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bP1$r\x1b\\dcs', 'dcs'],
    ['\x1bcreset', 'reset'],
    ['\x1b[2J\x1b[Hgone', 'gone'],
    ['one\ntwo\r\nthree\rfour\u2028five\u0085six', 'one⏎two⏎three⏎four⏎five⏎six'],
    ['a\tb', 'a⇥b'],
    ['bell\x07 back\b nul\0 del\x7f', 'bell␇ back␈ nul␀ del␡'],
    ['\u202egnp.exe', '\uFFFDgnp.exe'],
    ['pay\u200bpal \u2066x\u2069 \ufeff', 'pay\uFFFDpal \uFFFDx\uFFFD \uFFFD'],
    ['⚠\ufe0f disk full', '⚠ disk full'],
    ['half \ud83d', 'half \uFFFD'],
    ['', ''],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('shows a command string without an end instead of swallowing what follows', () => {
    expect(printable('\x1b]0;the real error')).toBe('0;the real error');
  });

  it('does not let an escape sequence be put together from what is left of another', () => {
    expect(printable('\x1b\x1b[0m[31mred')).toBe('␛[31mred');
  });

  it('leaves nothing that a terminal obeys or does not show, on one line, for any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(UNSAFE);
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['\x1b]', '\x1b[0;', '\x1b', '\x90;', '\n'])(
    'takes time in proportion to the length only, for a run of %j',
    (piece) => {
      const startedAt = performance.now();
      printable(piece.repeat(200_000));
      expect(performance.now() - startedAt).toBeLessThan(2000);
    },
  );
});
