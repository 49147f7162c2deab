/** A presented token, or a sentence for the device that says what its header lacks. */
export type BearerResult = { ok: true; token: string } | { ok: false; problem: string };

const HOW = 'Send "Authorization: Bearer <token>".';

// A lone "Bearer" is what a device sends whose variable for the token is empty.
const PROBLEMS = {
  missing: `The Authorization header is missing. ${HOW}`,
  empty: `The Authorization header is empty. ${HOW}`,
  noToken: `The Authorization header says Bearer, but no token follows; the device's setting for it may be empty. ${HOW}`,
  punctuation: `The Authorization header has a colon or an equals sign after Bearer. ${HOW}`,
  quoted: `The Authorization header stands in quotes. ${HOW}`,
  noScheme: `The Authorization header lacks the word Bearer before the token. ${HOW}`,
  otherScheme: `The Authorization header uses another scheme than Bearer. ${HOW}`,
} as const;

const BEARER = /^bearer(?:\s+([^:=].*))?$/is;

/**
 * Reads the token from an `Authorization` header (RFC 6750 section 2.1, the scheme in any case).
 * Whatever follows the scheme counts as presented, even with quotes or a second `Bearer`, so that
 * it ends as an unknown token with a diagnosis of its form and not as a missing one. No sentence
 * repeats anything of the header.
 */
export function readBearer(authorizationHeader: string | undefined): BearerResult {
  if (authorizationHeader === undefined) return refuse('missing');
  const header = authorizationHeader.trim();
  const match = BEARER.exec(header);
  if (match === null) return refuse(findProblem(header));
  const token = match[1];
  return token ? { ok: true, token } : refuse('noToken');
}

function findProblem(header: string): keyof typeof PROBLEMS {
  if (header === '') return 'empty';
  if (/^["'`]\s*bearer\b/i.test(header)) return 'quoted';
  if (/^bearer\s*[:=]/i.test(header)) return 'punctuation';
  return /\s/.test(header) ? 'otherScheme' : 'noScheme';
}

function refuse(problem: keyof typeof PROBLEMS): BearerResult {
  return { ok: false, problem: PROBLEMS[problem] };
}
