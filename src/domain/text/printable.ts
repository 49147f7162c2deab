// ECMA-48 section 5: a command string (OSC, DCS, SOS, PM, APC) with its terminator, a control
// sequence (CSI), any other escape. `util.stripVTControlCharacters` knows fewer of them (no title
// with spaces, no DCS) and keeps BEL, CR and LF. A command string without an end is left, made
// visible: else it would swallow the rest of a message unseen.
const ESCAPE_SEQUENCES = new RegExp(
  [
    String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f]*(?:\x07|\x1b\\|\x9c)`,
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`,
    String.raw`\x1b[ -/]*[0-~]`,
  ].join('|'),
  'g',
);

// Control characters, line and paragraph separators, every formatting or ignorable character: bidi
// controls, zero-width ones, soft hyphens, tags, variation selectors.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const EACH_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

// What has no width of its own and only shapes its neighbours (emoji) can go; everything else must
// be seen.
const DROPPED = /[\u200d\ufe00-\ufe0f]/;
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Returns the text as one line that a terminal shows and does not obey: escape sequences taken out,
 * line breaks as ⏎, tabs as ⇥, other C0 controls as their pictures (U+2400 …), bidi and invisible
 * characters and broken surrogates as U+FFFD. Applying it twice changes nothing.
 */
export function printable(text: string): string {
  const wellFormed = text.toWellFormed();
  if (!UNPRINTABLE.test(wellFormed)) return wellFormed;
  return wellFormed
    .replace(ESCAPE_SEQUENCES, '')
    .replaceAll('\r\n', '\n')
    .replace(EACH_UNPRINTABLE, showCharacter);
}

function showCharacter(character: string): string {
  if (DROPPED.test(character)) return '';
  if (LINE_BREAK.test(character)) return '⏎';
  if (character === '\t') return '⇥';
  if (character === '\x7f') return '␡';
  return character < ' ' ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : '\uFFFD';
}
