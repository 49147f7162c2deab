/** What stands in one row of the terminal: pieces of printable text, each in a tone. */
import { fitWidth, measureWidth } from '../cli/width.ts';
import { printable } from '../domain/printable.ts';

export type Tone = 'dim' | 'bold' | 'red' | 'yellow' | 'green' | 'cyan' | 'inverse';

export interface Span {
  text: string;
  tone: Tone | null;
}

export type Line = readonly Span[];

/** Returns a piece of text, made printable: whatever comes from a device passes through here. */
export function span(text: string, tone: Tone | null = null): Span {
  return { text: printable(text), tone };
}

/** Returns a line of one piece. */
export function line(text: string, tone: Tone | null = null): Line {
  return [span(text, tone)];
}

export const BLANK: Line = [];

/** Returns the columns of the terminal that the line takes. */
export function measureLine(spans: Line): number {
  return spans.reduce((sum, { text }) => sum + measureWidth(text), 0);
}

/** Returns the line cut to `width` columns, with an ellipsis where something is missing. */
export function fitLine(spans: Line, width: number): Line {
  if (measureLine(spans) <= width) return spans;
  const kept: Span[] = [];
  let left = width;
  for (const { text, tone } of spans) {
    const size = measureWidth(text);
    if (size >= left) {
      // Also where the piece just fits: what follows it is missing.
      return left > 0 ? [...kept, { text: fitWidth(`${text} `, left), tone }] : kept;
    }
    kept.push({ text, tone });
    left -= size;
  }
  return kept;
}

/** Returns the line in exactly `width` columns: cut, or followed by spaces. */
export function padLine(spans: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const fitted = fitLine(spans, width);
  const room = width - measureLine(fitted);
  if (room <= 0) return fitted;
  const spaces: Span = { text: ' '.repeat(room), tone: null };
  return align === 'left' ? [...fitted, spaces] : [spaces, ...fitted];
}

/** Returns a line with the one text at its left and the other at its right; the left one gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - measureLine(right) - 1;
  if (room < 8) return fitLine(left, width);
  return [...padLine(left, room), { text: ' ', tone: null }, ...right];
}

/** Returns the text as lines of at most `width` columns, broken between words where there are any. */
export function wrapText(text: string, width: number, tone: Tone | null = null): Line[] {
  const lines: string[] = [];
  let current = '';
  for (const word of printable(text).split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (measureWidth(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    const pieces = cutWord(word, width);
    current = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  lines.push(current);
  return lines.map((each) => [{ text: each, tone }]);
}

/** Returns the line as several where it is wider than `width`, those after the first indented like it. */
export function wrapLine(spans: Line, width: number): Line[] {
  const [first, ...others] = spans;
  if (first === undefined || others.length > 0 || measureLine(spans) <= width)
    return [fitLine(spans, width)];
  const indent = /^ *(?:\d+\. )?/.exec(first.text)?.[0] ?? '';
  const rest = first.text.slice(indent.length);
  return wrapText(rest, width - indent.length, first.tone).map((wrapped, at) => [
    { text: at === 0 ? indent : ' '.repeat(indent.length), tone: first.tone },
    ...wrapped,
  ]);
}

function cutWord(word: string, width: number): string[] {
  const pieces: string[] = [''];
  for (const character of word) {
    const last = pieces.length - 1;
    if (measureWidth(pieces[last] + character) > width) pieces.push(character);
    else pieces[last] += character;
  }
  return pieces;
}
