/**
 * Where a value ends depends on how its key was written: in quotes, before a colon, before an
 * equals sign, as a tag. The quoted styles are for a key within a string, whose closing quote ends
 * the value, too.
 */
export type ValueStyle = 'json' | 'line' | 'quotedLine' | 'pair' | 'quotedPair' | 'markup';

export type Range = { start: number; end: number };

type StyleRow = { blank: RegExp; brackets: boolean; closed: RegExp; stop: RegExp };

// `closed` must follow a closing quote or bracket; where it does not, the document is broken (a
// quote inside a password that was put together by hand) and everything up to `stop` goes, too. A
// stop behind a backslash is no stop.
const STYLES: Readonly<Record<ValueStyle, StyleRow>> = {
  json: {
    blank: /\s*/y,
    brackets: true,
    closed: /\s*(?:[,}\])]|$)/y,
    stop: /,\s*\\*["'{[]|[}\]]\s*\\*(?:["',}\]]|$)|[\r\n]/gs,
  },
  line: {
    blank: /[ \t]*/y,
    brackets: true,
    closed: /[ \t]*(?:[\r\n]|$)/y,
    stop: /[\r\n]/g,
  },
  quotedLine: {
    blank: /[ \t]*/y,
    brackets: true,
    closed: /[ \t]*(?:[\r\n,;)}\]&"'<]|$)/y,
    stop: /\\.|"(?=\s*(?:[,}\]:]|$))|[\r\n]/gs,
  },
  pair: {
    blank: /[ \t]*/y,
    brackets: false,
    closed: /[\s&]|$/y,
    stop: /[\s&]/g,
  },
  quotedPair: {
    blank: /[ \t]*/y,
    brackets: false,
    closed: /[\s,;)}\]&"'<]|$/y,
    stop: /\\.|"(?=[\s,}\]:;)>]|$)|[\s&]/gs,
  },
  markup: { blank: /\s*/y, brackets: false, closed: /\s*<|$/y, stop: /[<\r\n]/g },
};

const STRING_PREFIX = /[a-z]{0,2}(?=["'])/iy;
const BRACKET = /\\.|["{}[\]]/gs;

/**
 * Returns where the value begins that follows a key and its separator: after blanks and the prefix
 * of a string.
 */
export function findValueStart(text: string, position: number, style: ValueStyle): number {
  return skip(STRING_PREFIX, text, skip(STYLES[style].blank, text, position));
}

/**
 * Returns the range of a secret value, without its quotes where it is well quoted; generous where
 * the text is broken.
 */
export function readSecretValue(text: string, start: number, style: ValueStyle): Range {
  const { brackets, closed, stop } = STYLES[style];
  const first = text.charAt(start);
  if (first === '"' || first === "'") {
    const close = findQuote(text, start);
    const isWhole = close === text.length || isAt(closed, text, close + 1);
    const end = isWhole ? close : findStop(stop, text, close + 1);
    return { start: start + 1, end: !isWhole && text.charAt(end - 1) === first ? end - 1 : end };
  }
  if (!brackets || !'{['.includes(first) || first === '')
    return { start, end: findStop(stop, text, start) };
  const end = findClosingBracket(text, start);
  return { start, end: isAt(closed, text, end) ? end : findStop(stop, text, end) };
}

function findQuote(text: string, start: number): number {
  return findStop(text.charAt(start) === '"' ? /\\.|"/gs : /\\.|'/gs, text, start + 1);
}

// Double quotes only: an apostrophe in a broken text would otherwise hide all brackets after it.
function findClosingBracket(text: string, start: number): number {
  let depth = 0;
  let position = start;
  while (position < text.length) {
    position = findStop(BRACKET, text, position);
    const character = text.charAt(position);
    if (character === '"') position = findQuote(text, position);
    else if (character === '{' || character === '[') depth += 1;
    else depth -= 1;
    position += 1;
    if (depth === 0) return Math.min(position, text.length);
  }
  return text.length;
}

function findStop(stop: RegExp, text: string, from: number): number {
  stop.lastIndex = from;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (!match[0].startsWith('\\')) return match.index;
  }
  return text.length;
}

function skip(blank: RegExp, text: string, position: number): number {
  blank.lastIndex = position;
  return position + (blank.exec(text)?.[0].length ?? 0);
}

function isAt(pattern: RegExp, text: string, position: number): boolean {
  pattern.lastIndex = position;
  return pattern.test(text);
}
