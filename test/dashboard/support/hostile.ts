/** Texts as a device might send them to break the layout, or to take the terminal over. */
import fc from 'fast-check';

const PIECES = [
  ...['a', 'word ', '   ', '', 'x'.repeat(90), '{"a":1}'],
  ...['\n', '\r\n', '\r', '\t', '\0', '\u0007', '\u0085', '\u2028', '\u009b2J', '\u001b'],
  ...[
    '\u001b[2J',
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '\u001b]8;;http://x\u001b\\',
    '\u001b[?1049l',
  ],
  ...['\u202e', '\u2066', '\u200b', '\u200d', '\ufe0f', '\u00ad', '\ud800', '\udc00'],
  ...['日本語', '😀', '👩‍👩‍👧', '🇩🇪', 'e\u0301', 'z\u0335\u0336\u0337', 'العربية', '한글', 'ｆ'],
] as const;

export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));
