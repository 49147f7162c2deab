/**
 * A text with one level of escapes undone, and the way back: where a position of it stands in the
 * text it came from.
 */
export type Unescaped = { text: string; toEscaped: (position: number) => number };

const ESCAPE = /\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|%([0-7][0-9a-fA-F])|\\(["'\\/bfnrt])/g;

const NAMED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Undoes one level of JSON (RFC 8259 section 7) and percent (RFC 3986 section 2.1, ASCII only)
 * escapes wherever they stand, in broken documents, too. Returns null where there is none.
 */
export function unescapeOnce(text: string): Unescaped | null {
  const pieces: string[] = [];
  const anchors: Anchor[] = [];
  let end = 0;
  let length = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const literal = text.slice(end, match.index);
    pieces.push(literal, decodeEscape(match));
    length += literal.length;
    anchors.push({ at: length, escapedAt: match.index });
    length += 1;
    end = match.index + match[0].length;
    anchors.push({ at: length, escapedAt: end });
  }
  if (anchors.length === 0) return null;
  pieces.push(text.slice(end));
  return { text: pieces.join(''), toEscaped: (position) => mapBack(position, anchors) };
}

function decodeEscape([, unicode, hex, percent, named = '']: RegExpExecArray): string {
  const digits = unicode ?? hex ?? percent;
  if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
  return NAMED[named] ?? named;
}

/** From here to the next anchor both texts run in step. */
type Anchor = { at: number; escapedAt: number };

function mapBack(position: number, anchors: readonly Anchor[]): number {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((anchors[middle]?.at ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  const anchor = anchors[low - 1];
  return anchor === undefined ? position : anchor.escapedAt + position - anchor.at;
}
