/** What the commands print for people, as lines of the dashboard: their colours become tones. */
import { stripVTControlCharacters } from 'node:util';
import type { Line, Span, Tone } from './line.ts';

/** The formats of `styleText` that the commands use, by their codes (ECMA-48 section 8.3.117). */
const TONES: Readonly<Record<string, Tone>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
  90: 'dim',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const STYLE = /\x1b\[(\d+)m/g;

/** Returns the text, which holds no other escape sequences than those of `styleText`, as lines. */
export function readStyled(text: string): Line[] {
  return text.split('\n').map(readLine);
}

function readLine(text: string): Line {
  const spans: Span[] = [];
  let [tone, from]: [Tone | null, number] = [null, 0];
  for (const match of text.matchAll(STYLE)) {
    if (match.index > from) spans.push({ text: text.slice(from, match.index), tone });
    tone = TONES[match[1] ?? ''] ?? null;
    from = match.index + match[0].length;
  }
  const rest = stripVTControlCharacters(text.slice(from));
  return rest === '' ? spans : [...spans, { text: rest, tone }];
}
