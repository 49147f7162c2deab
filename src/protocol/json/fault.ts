import { quotePrintable } from '../reading/text.ts';

/** Where a text stops being JSON, and what is wrong there. */
export interface JsonFault {
  position: number;
  message: string;
}

type Expectation = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next' | 'end';

const EXPECTED: Readonly<Record<Expectation, string>> = {
  value: 'a value',
  'first value': "a value or ']'",
  key: 'a key in double quotes',
  'first key': "a key in double quotes or '}'",
  colon: "':' after the key",
  next: "',' or the closing bracket",
  end: 'the end of the text',
};

/** What people and other languages write instead; the word stands where a value was expected. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['NaN', 'JSON has no NaN, write null'],
  ['Infinity', 'JSON has no Infinity, write null'],
  ['undefined', 'JSON has no undefined, write null'],
  ['None', 'write null'],
  ['True', 'write true'],
  ['False', 'write false'],
  ["'", 'JSON takes double quotes only'],
]);

const CLOSERS: Readonly<Record<string, '}' | ']'>> = { '{': '}', '[': ']' };
const LITERALS = ['true', 'false', 'null'];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;
/**
 * Short words only: the detail is logged, and must not repeat a piece of a secret that stands in
 * the wrong place.
 */
const WORD = /[A-Za-z]{1,9}(?![\w-])/y;

interface Scan {
  readonly text: string;
  at: number;
  expects: Expectation;
  /** The brackets that are still to come. */
  readonly closers: ('}' | ']')[];
}

/**
 * Returns the first fault of a text by the grammar of RFC 8259, `'blank'` where there is only white
 * space, or null where there is no fault. Iterative; for texts that JSON.parse refused, whose own
 * messages lack positions.
 */
export function findJsonFault(text: string): JsonFault | 'blank' | null {
  const scan: Scan = { text, at: 0, expects: 'value', closers: [] };
  for (;;) {
    scan.at = matchAt(SPACE, scan) ?? scan.at;
    if (scan.at >= text.length) return judgeEnd(scan);
    const fault = scanToken(scan);
    if (fault !== null) return fault;
  }
}

function judgeEnd({ text, expects, closers }: Scan): JsonFault | 'blank' | null {
  if (expects === 'end') return null;
  if (expects === 'value' && closers.length === 0) return 'blank';
  return {
    position: text.length,
    message: `the text ends where ${EXPECTED[expects]} was expected`,
  };
}

/** One token by what is expected; every function returns a fault, or null after moving on. */
function scanToken(scan: Scan): JsonFault | null {
  const token = scan.text[scan.at] ?? '';
  switch (scan.expects) {
    case 'end':
      return refuseToken(scan);
    case 'colon':
      return token === ':' ? moveOn(scan, 'value') : refuseToken(scan);
    case 'next':
      return scanNext(scan, token);
    case 'key':
    case 'first key':
      if (token === '"') return scanString(scan, 'colon');
      return token === '}' && scan.expects === 'first key' ? closeBracket(scan) : refuseToken(scan);
    default:
      return token === ']' && scan.expects === 'first value'
        ? closeBracket(scan)
        : scanValue(scan, token);
  }
}

function scanNext(scan: Scan, token: string): JsonFault | null {
  const closer = scan.closers.at(-1);
  if (token === closer) return closeBracket(scan);
  return token === ',' ? moveOn(scan, closer === '}' ? 'key' : 'value') : refuseToken(scan);
}

function scanValue(scan: Scan, token: string): JsonFault | null {
  if (token === '"') return scanString(scan, null);
  if (CLOSERS[token] !== undefined) return openBracket(scan, CLOSERS[token]);
  const literal = LITERALS.find((word) => scan.text.startsWith(word, scan.at));
  const end = literal === undefined ? matchAt(NUMBER, scan) : scan.at + literal.length;
  if (end === null) return refuseToken(scan);
  scan.at = end;
  return endValue(scan);
}

function openBracket(scan: Scan, closer: '}' | ']'): null {
  scan.closers.push(closer);
  return moveOn(scan, closer === '}' ? 'first key' : 'first value');
}

function closeBracket(scan: Scan): null {
  scan.closers.pop();
  scan.at += 1;
  return endValue(scan);
}

function endValue(scan: Scan): null {
  scan.expects = scan.closers.length === 0 ? 'end' : 'next';
  return null;
}

function moveOn(scan: Scan, expects: Expectation): null {
  scan.at += 1;
  scan.expects = expects;
  return null;
}

function scanString(scan: Scan, expects: Expectation | null): JsonFault | null {
  const { text } = scan;
  for (scan.at += 1; scan.at < text.length; ) {
    const character = text[scan.at] ?? '';
    if (character === '"') return expects === null ? closeString(scan) : moveOn(scan, expects);
    if (character < ' ') return { position: scan.at, message: describeControl(character) };
    const next = character === '\\' ? matchAt(ESCAPE, scan) : scan.at + 1;
    if (next === null) return { position: scan.at, message: 'an invalid escape in a string' };
    scan.at = next;
  }
  return { position: text.length, message: 'the text ends inside a string' };
}

function closeString(scan: Scan): null {
  scan.at += 1;
  return endValue(scan);
}

function describeControl(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return `an unescaped control character in a string (write \\u${code})`;
}

function matchAt(pattern: RegExp, scan: Scan): number | null {
  pattern.lastIndex = scan.at;
  return pattern.test(scan.text) ? pattern.lastIndex : null;
}

function refuseToken(scan: Scan): JsonFault {
  const found = readFound(scan);
  const hint = HINTS.get(found);
  const quoted = found === "'" ? `"'"` : quotePrintable(found);
  const message = `expected ${EXPECTED[scan.expects]}, found ${quoted}`;
  return { position: scan.at, message: hint === undefined ? message : `${message}: ${hint}` };
}

function readFound({ text, at }: Scan): string {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0] ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
}
