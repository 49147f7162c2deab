import { findTooDeep } from './json/depth.ts';
import { findJsonFault } from './json/fault.ts';

/**
 * What kind of refusal it is. All three are answered `invalid_json`: none of them is about a field,
 * and each has a position. Too deep counts here and not as an invalid payload, because such a text
 * is refused before it is parsed.
 */
export type JsonProblem = 'encoding' | 'syntax' | 'depth';

export interface JsonFailure {
  ok: false;
  problem: JsonProblem;
  /** A sentence with line and column. */
  detail: string;
  /** Characters (UTF-16 units) before the fault, without a byte order mark. */
  position: number | null;
}

export type ParsedJson = { ok: true; value: unknown } | JsonFailure;

const DECODER = new TextDecoder('utf-8', { fatal: true });
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Returns the value of a JSON text (RFC 8259) of at most `maxDepth` nested lists and objects;
 * `undefined` for an empty or blank text. Never throws. Of duplicate keys the last one counts;
 * `__proto__` is a key like any other. `line` is the number of the text's first line, where it is
 * part of a larger one.
 */
export function parseJson(
  source: Uint8Array | string,
  { maxDepth, line = 1 }: { maxDepth: number; line?: number },
): ParsedJson {
  const text = typeof source === 'string' ? dropByteOrderMark(source) : decodeUtf8(source);
  if (text === null) return describeBadEncoding(source as Uint8Array, line);
  if (text === '') return { ok: true, value: undefined };
  const tooDeepAt = findTooDeep(text, maxDepth);
  if (tooDeepAt !== null) {
    const message = `nested deeper than ${maxDepth} levels`;
    return describe(text, { problem: 'depth', position: tooDeepAt, message, line });
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return describeBadSyntax(text, error, line);
  }
}

function dropByteOrderMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

/** TextDecoder drops the byte order mark itself. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The messages of JSON.parse do not always carry a position and are worded for programmers, so a
 * slower scan looks for the place once it is known that there is one.
 */
function describeBadSyntax(text: string, error: unknown, line: number): ParsedJson {
  const fault = findJsonFault(text);
  if (fault === 'blank') return { ok: true, value: undefined };
  if (fault === null) {
    return { ok: false, problem: 'syntax', detail: `Not valid JSON: ${error}`, position: null };
  }
  return describe(text, { problem: 'syntax', ...fault, line });
}

/**
 * Finds the first malformed byte by decoding leniently and encoding again: both agree up to there.
 * Malformed bytes come back as EF BF BD, and where some of these happen to agree too, the
 * difference is that many bytes late.
 */
function describeBadEncoding(bytes: Uint8Array, line: number): JsonFailure {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  let at = 0;
  while (at < bytes.length && bytes[at] === again[at]) at += 1;
  const offset = at - Math.max(0, [0xef, 0xbf, 0xbd].indexOf(again[at] ?? 0));
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  const message = `byte ${offset} is not valid UTF-8`;
  return describe(before, { problem: 'encoding', position: before.length, message, line });
}

interface Fault {
  problem: JsonProblem;
  position: number;
  message: string;
  /** Of the beginning of the text. */
  line: number;
}

function describe(text: string, { problem, position, message, ...first }: Fault): JsonFailure {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  const line = first.line - 1 + countLines(text, lineStart);
  const column = position - lineStart + 1;
  return {
    ok: false,
    problem,
    position,
    detail: `Not valid JSON: ${message} (line ${line}, column ${column}).`,
  };
}

function countLines(text: string, end: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}
