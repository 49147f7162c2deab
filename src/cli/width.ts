// East Asian wide and emoji take two columns of a terminal (Unicode UAX #11, in its coarse blocks);
// combining marks take none.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROW_ONLY = /^[\x20-\x7e]*$/;

/** Returns how many columns of a terminal the printable text takes. */
export function measureWidth(text: string): number {
  if (NARROW_ONLY.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Returns the text cut to at most `width` columns, with an ellipsis where something is missing. */
export function fitWidth(text: string, width: number): string {
  if (measureWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Returns the text with spaces after (or, aligned right, before) it, so that it takes `width` columns. */
export function padWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - measureWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** A narrower rest of a line is of no use for text: then the terminal breaks the lines. */
const NARROWEST_TEXT = 30;

/**
 * Returns the text in lines that, with the indent that stands before each, have at most `width`
 * columns; the first comes without the indent. It is broken at spaces only, so that a word can be
 * copied, and not at all without a width.
 */
export function foldText(
  text: string,
  { width, indent }: { width: number | undefined; indent: string },
): string {
  const room = (width ?? 0) - indent.length;
  if (room < NARROWEST_TEXT) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measureWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
