import { type Unescaped, unescapeOnce } from '../text/unescape.ts';
import { listSecretKeys } from './secret-keys.ts';
import { findValueStart, type Range, readSecretValue, type ValueStyle } from './secret-value.ts';

// Deep enough for JSON in a string of JSON in a percent-encoded query; more levels only cost time.
const MAX_LEVELS = 5;
// Known tokens have 8 characters and more; replacing every "a" would hide the message and protect
// nothing.
const SHORTEST_BEARER = 4;

/**
 * Secrets that are known by their own form; the first group, where there is one, ends the match and
 * is what is secret.
 */
const FORMS: readonly RegExp[] = [
  // Without word boundaries and with the tail cut off, unlike TOKEN_PATTERN: half a secret is still
  // half a secret.
  /fm_[0-9A-Za-z]{8}_(?:[0-9A-Za-z]{16,}|[0-9A-Za-z]*$)/g,
  /\b(?:bearer[\s:="']+)+([^\s"'\\,;&<>{}:=][^\s"'\\,;&<>{}]*)/gi,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END|$)/g,
  /:\/\/[^\s/:@"']*:([^\s/"']+)(?=@)/g,
];

/**
 * Returns where the text holds secrets, in order and without overlap: the presented bearer, tokens
 * of our form, what follows `Bearer`, and values under keys that name a secret; in JSON, queries,
 * headers and logs, whole or broken, and through several levels of JSON and percent escapes. The
 * time is linear in the length of the text.
 */
export function findSecretRanges(text: string, bearer?: string): Range[] {
  const needles = listNeedles(bearer);
  const levels: Unescaped[] = [{ text, toEscaped: (position) => position }];
  const found: Range[] = [];
  for (let level = 0; level < levels.length; level++) {
    const view = levels[level] as Unescaped;
    const local = [...findForms(view.text), ...findNeedles(view.text, needles)];
    appendAll(
      found,
      local.map((range) => toSource(range, levels)),
    );
    appendAll(found, findKeyed(levels));
    const next = level < MAX_LEVELS ? unescapeOnce(view.text) : null;
    if (next !== null) levels.push(next);
  }
  return mergeRanges(found);
}

function appendAll(target: Range[], ranges: readonly Range[]): void {
  for (const range of ranges) target.push(range);
}

function findForms(text: string): Range[] {
  return FORMS.flatMap((form) => [...text.matchAll(form)].map(rangeOfMatch));
}

function rangeOfMatch(match: RegExpExecArray): Range {
  const end = match.index + match[0].length;
  return { start: end - (match[1] ?? match[0]).length, end };
}

function findNeedles(text: string, needles: readonly string[]): Range[] {
  const ranges: Range[] = [];
  for (const needle of needles) {
    for (
      let start = text.indexOf(needle);
      start !== -1;
      start = text.indexOf(needle, start + needle.length)
    ) {
      ranges.push({ start, end: start + needle.length });
    }
  }
  return ranges;
}

// As presented, and without quotes or a second "Bearer".
function listNeedles(bearer = ''): string[] {
  const bare = bearer.replace(/^(?:["'\s]|bearer\s)+/i, '').replace(/["']{1,8}$/, '');
  return [...new Set([bearer, bare])].filter((needle) => needle.length >= SHORTEST_BEARER);
}

/**
 * Finds the values of secret keys on the deepest level so far, each read on that level and on every
 * level below.
 */
function findKeyed(levels: readonly Unescaped[]): Range[] {
  const { text } = levels.at(-1) as Unescaped;
  const found: Range[] = [];
  const read = levels.map(() => 0);
  for (const { end, style } of listSecretKeys(text, levels.length > 1)) {
    const start = findValueStart(text, end, style);
    appendAll(found, readOnEveryLevel({ start, style, levels, read }));
  }
  return found;
}

type Reading = { start: number; style: ValueStyle; levels: readonly Unescaped[]; read: number[] };

// The level on which a key is readable need not be that of its value: in {"pass\u0077ord":"a\"b"}
// the escaped quote belongs to the secret. So the value is also read wherever its first character
// stands unescaped. `read` keeps how far each level was read, because keys within a secret value
// would otherwise make the time quadratic.
function readOnEveryLevel({ start, style, levels, read }: Reading): Range[] {
  const found: Range[] = [];
  const first = levels.at(-1)?.text.charAt(start);
  let position = start;
  for (let level = levels.length - 1; level >= 0; level--) {
    const view = levels[level] as Unescaped;
    if (position >= (read[level] ?? 0) && view.text.charAt(position) === first) {
      const range = readSecretValue(view.text, position, style);
      read[level] = range.end;
      found.push(toSource(range, levels.slice(0, level + 1)));
    }
    position = view.toEscaped(position);
  }
  return found;
}

function toSource(range: Range, levels: readonly Unescaped[]): Range {
  return levels.reduceRight(
    ({ start, end }, { toEscaped }) => ({ start: toEscaped(start), end: toEscaped(end) }),
    range,
  );
}

function mergeRanges(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (range.end <= range.start) continue;
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}
