/** What stands in one row of the terminal: pieces of printable text, each in a tone. */
import { fitWidth, measureWidth } from '../../cli/width.ts';
import { printable } from '../../domain/text/printable.ts';

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

/** Returns exactly so many lines: what stands below them does not move. */
export function fillLines(lines: readonly Line[], height: number): Line[] {
  return Array.from({ length: Math.max(0, height) }, (_, at) => lines[at] ?? BLANK);
}

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

/** Returns the end of the text in at most `width` columns: of a path it says the most. */
export function fitEnd(text: string, width: number): string {
  if (measureWidth(text) <= width) return text;
  const kept = [...text];
  while (kept.length > 0 && measureWidth(kept.join('')) >= width) kept.shift();
  return `…${kept.join('')}`;
}

/** Returns the line in exactly `width` columns: cut, or followed by spaces. */
export function padLine(spans: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const fitted = fitLine(spans, width);
  const room = width - measureLine(fitted);
  if (room <= 0) return fitted;
  const spaces: Span = { text: ' '.repeat(room), tone: null };
  return align === 'left' ? [...fitted, spaces] : [spaces, ...fitted];
}

/** Returns the line as that of the selected row: inverse, over the whole width. */
export function markSelected(spans: Line, width: number): Line {
  return padLine(spans, width).map((each) => ({ ...each, tone: 'inverse' as const }));
}

/** Returns a line with the one text at its left and the other at its right; the left one gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - measureLine(right) - 1;
  if (room < 8) return fitLine(left, width);
  return [...padLine(left, room), { text: ' ', tone: null }, ...right];
}

/** Returns the text as lines of at most `width` columns, broken between words where there are any. */
export function wrapText(text: string, width: number, tone: Tone | null = null): Line[] {
  return breakText(printable(text), width).map((each) => [{ text: each, tone }]);
}

function breakText(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
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
  return [...lines, current];
}

/** What the lines after the first are indented by: spaces, a number or a bullet, a label. */
const HANGING = /^(?: *(?:\d+\.|●) | *\S+(?: \S+)* {2,}| +)/;

/** Returns the line as several where it is wider than `width`, those after the first indented like it. */
export function wrapLine(spans: Line, width: number): Line[] {
  if (measureLine(spans) <= width) return [spans];
  const text = spans.map((each) => each.text).join('');
  const hanging = HANGING.exec(text)?.[0] ?? '';
  const head = measureWidth(hanging) * 2 > width ? '' : hanging;
  const indent: Span = { text: ' '.repeat(measureWidth(head)), tone: null };
  let at = head.length;
  return breakText(text.slice(at), width - indent.text.length).map((piece, nth) => {
    const from = text.indexOf(piece, at);
    at = from + piece.length;
    const before = nth === 0 ? sliceLine(spans, 0, head.length) : [indent];
    return [...before, ...sliceLine(spans, from, at)];
  });
}

/** Returns the characters from `from` to before `to`, in their tones. */
function sliceLine(spans: Line, from: number, to: number): Line {
  let start = 0;
  return spans.flatMap(({ text, tone }) => {
    const piece = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    return piece === '' ? [] : [{ text: piece, tone }];
  });
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
