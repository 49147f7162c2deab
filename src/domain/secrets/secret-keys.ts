import type { ValueStyle } from './secret-value.ts';

/**
 * A key that names a secret: where it ends, its separator included, and how its value is written.
 */
export type SecretKey = { end: number; style: ValueStyle };

const SECRET_WORDS = [
  'token',
  'secret',
  'passw(?:or)?[dt]',
  'passphrase',
  '(?<![a-z])pass(?![a-z])',
  'pwd',
  'authorization',
  '(?<![a-z])(?:auth|bearer|jwt)(?![a-z])',
  'credential',
  'cookie',
  '(?:api|access|private|signing|encryption|auth|account|shared|ssh)[-_. ]?key',
].join('|');

// The key `dbPassword=`, `password:`, `<password>` or, in quotes, `"the db password":`; also
// {"name":"password","value":…}.
const KEY = new RegExp(
  `(?<word>${SECRET_WORDS})(?:` +
    String.raw`[\w.[\]-]{0,64}(?:\s*(?<separator>[:=]=?>?)|(?<tag>>))|` +
    String.raw`[^"'\\\r\n]{0,64}["']\s*(?:[:=]=?>?|,\s*["']value["']\s*:)` +
    ')',
  'gi',
);

const OPTION = new RegExp(
  String.raw`(?<![\w-])--[\w-]{0,64}?(?:${SECRET_WORDS})[\w-]{0,64}\s+`,
  'gi',
);

/**
 * Returns the keys in the text that name a secret, in order. `isEscaped` says that it was read out
 * of an escaped text.
 */
export function listSecretKeys(text: string, isEscaped: boolean): SecretKey[] {
  const matches = [...text.matchAll(KEY), ...text.matchAll(OPTION)];
  const isWithinQuotes = isEscaped ? () => true : watchQuotes(text);
  return matches
    .map((match) => ({ end: match.index + match[0].length, groups: match.groups ?? {} }))
    .sort((a, b) => a.end - b.end)
    .map(({ end, groups }) => ({ end, style: findStyle(groups, isWithinQuotes(end)) }));
}

function findStyle(groups: Record<string, string | undefined>, isQuoted: boolean): ValueStyle {
  const { word, separator, tag } = groups;
  if (tag !== undefined) return 'markup';
  if (word !== undefined && separator === undefined) return 'json';
  // `Authorization=Basic dXNlcjpwdw==` has a blank within.
  const isLine = separator?.startsWith(':') || word?.toLowerCase() === 'authorization';
  if (isLine) return isQuoted ? 'quotedLine' : 'line';
  return isQuoted ? 'quotedPair' : 'pair';
}

// Whether a double quote stands before a position in its line: only then can one end the value, as
// the end of the JSON string around it. Asked for rising positions, it reads the text once.
function watchQuotes(text: string): (position: number) => boolean {
  let from = 0;
  let isQuoted = false;
  return (position) => {
    const between = text.slice(from, position);
    const lineBreak = Math.max(between.lastIndexOf('\n'), between.lastIndexOf('\r'));
    const quote = between.lastIndexOf('"');
    if (quote !== -1 || lineBreak !== -1) isQuoted = quote > lineBreak;
    from = position;
    return isQuoted;
  };
}
