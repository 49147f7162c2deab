import { REDACTED, redactText } from '../secrets/redact.ts';
import { isSlug, SLUG_RULE, suggestSlug } from '../slug.ts';
import { slugCommand } from '../slug-command.ts';
import { printable } from '../text/printable.ts';
import { suggestSimilar } from '../text/suggest.ts';
import { cutText } from '../text/well-formed.ts';
import { isTokenId } from '../tokens/token.ts';
import { TOKEN_ADVICE } from '../tokens/token-advice.ts';
import type { TokenForm } from '../tokens/token-form.ts';
import type { Reason } from './reasons.ts';

/**
 * What is known about a rejection; `''` where the request named nothing. Nothing of it needs to be
 * trusted.
 */
export type HintInput = {
  reason: Reason;
  customer: string;
  machine: string;
  software: string;
  endpoint: string;
  path: string;
  tokenId: string | null;
  tokenCustomer: string | null;
  tokenForm: TokenForm | null;
  detail: string;
  customerExists: boolean;
  customerIsInactive: boolean;
  /** The public id of the token that took over from the presented one. */
  successor: string | null;
  similarCustomer: string | null;
};

/** What the operator does next; `command` is null where the change is to be made on the device. */
export type Hint = { text: string; command: string | null };

const ENDPOINTS = ['heartbeat', 'diagnostics', 'status'];
const BATCH = 'batch';
const QUOTED_LENGTH = 64;
const DETAIL_LENGTH = 500;

// Where the detail of a limit does not say how high it is: twice the default.
const RAISED_LIMITS = { machine: 200_000, instance: 200, diagnostic: 2000 };

const HINTS: Readonly<Record<Reason, (rejection: HintInput) => Hint>> = {
  rate_limited: ({ customer }) => ({
    text: 'The address was slowed down, mostly because too many of its requests were refused before. Solve those refusals; the limit then lifts by itself.',
    command: slugCommand`fleet rejections list --customer ${customer}` ?? 'fleet rejections list',
  }),
  unknown_endpoint: ({ path, detail }) => ({
    text: `${describeEndpoint(path, detail)} Valid are POST /api/ingest/<customer>/<machine>/<software>/heartbeat, …/diagnostics and …/status, and POST /api/ingest/<customer>/batch.`,
    command: null,
  }),
  payload_too_large: () => ({
    text: 'Send less at once, in several requests or with a smaller snapshot; the size counts after decompression. Or raise the limit where the server is started.',
    command: 'fleet serve --help',
  }),
  unsupported_encoding: () => ({
    text: 'The device must send the body as it is or with "Content-Encoding: gzip"; no other encoding is read.',
    command: null,
  }),
  invalid_slug: (rejection) => ({ text: describeSlug(rejection), command: null }),
  token_missing: (rejection) => ({
    // Without how to send it, in which the redaction would take the example for a secret.
    text: `${describeCustomer(rejection)}${clean(rejection.detail.replace(/ ?Send "Authorization:.*$/s, ''))} The device must send the header "Authorization: Bearer <token>". Create a token if it has none.`.trimStart(),
    command: provideToken(rejection, 'create'),
  }),
  token_unknown: (rejection) => {
    const { text, provide } = TOKEN_ADVICE[rejection.tokenForm ?? 'well_formed'];
    return {
      text: `${describeCustomer(rejection)}${text}`,
      command: provide && provideToken(rejection, provide),
    };
  },
  token_revoked: (rejection) => renewToken(rejection, 'was revoked, which is final'),
  token_expired: (rejection) => renewToken(rejection, 'has expired'),
  customer_mismatch: explainMismatch,
  customer_inactive: (rejection) => ({
    text: `The customer ${quote(ownerOf(rejection))} is deactivated, and its tokens do not work until it is activated again.`,
    command: slugCommand`fleet customer activate ${ownerOf(rejection)}`,
  }),
  invalid_json: ({ endpoint, detail }) => ({
    text: `The device must send ${isBatch(endpoint) ? 'a JSON object in each line' : 'one JSON document'}, in UTF-8. ${clean(detail)}`.trimEnd(),
    command: null,
  }),
  invalid_payload: ({ detail }) => ({
    text: `To be corrected on the device: ${clean(detail) || 'a field of the payload.'}`,
    command: null,
  }),
  machine_limit_reached: (rejection) => ({
    text: `The customer ${quote(ownerOf(rejection))} has as many machines as it may have; those that are known go on. Forget those that are gone${inBrackets(slugCommand`fleet machine forget --not-seen-for 90d ${ownerOf(rejection)}`)}, or raise its limit.`,
    command: slugCommand`fleet customer update ${ownerOf(rejection)} --machine-limit ${raiseLimit(rejection, 'machine')}`,
  }),
  instance_limit_reached: (rejection) => ({
    text: `The machine has as many software instances as it may have; those that are known go on. Check that the device does not make up a new name each time, start the server with a higher limit (fleet serve --instance-limit ${raiseLimit(rejection, 'instance')}), or forget what it no longer runs.`,
    command: slugCommand`fleet software forget --not-seen-for 7d ${ownerOf(rejection)}/${rejection.machine}`,
  }),
  diagnostic_limit_reached: (rejection) => ({
    text: `The instance has as many open diagnostics as it may have; those that are known go on. Report what is settled with severity 0, and check that the device does not make up a new code each time. Forgetting the instance closes all of them, and loses its history${inBrackets(slugCommand`fleet software forget ${ownerOf(rejection)}/${rejection.machine}/${rejection.software}`)}. Or start the server with a higher limit.`,
    command: slugCommand`fleet serve --diagnostic-limit ${raiseLimit(rejection, 'diagnostic')}`,
  }),
  overloaded: () => ({
    text: 'The server had more requests than it could store. Devices that wait and send again lose nothing.',
    command: 'fleet doctor',
  }),
  storage_unavailable: () => ({
    text: 'The database could not be written: full disk, or not reachable. Devices that wait and send again lose nothing.',
    command: 'fleet doctor',
  }),
  internal_error: () => ({
    text: 'This is a bug of the server. Its log names the error under the request id of the answer.',
    command: 'fleet doctor',
  }),
};

/**
 * Returns what an operator does next about a rejection, as a sentence and, where the cure lies on
 * this side, as a command to copy. Slugs stand in a command only where they are valid; the rest of
 * a request is never put into one.
 */
export function hintFor(rejection: HintInput): Hint {
  return HINTS[rejection.reason](rejection);
}

function provideToken(rejection: HintInput, verb: 'create' | 'import'): string | null {
  const { customer, customerExists, customerIsInactive, similarCustomer } = rejection;
  if (customerIsInactive) return slugCommand`fleet customer activate ${customer}`;
  if (customerExists) return slugCommand`fleet token ${verb} ${customer}`;
  if (similarCustomer !== null) return slugCommand`fleet token ${verb} ${similarCustomer}`;
  return slugCommand`fleet customer create ${customer} && fleet token ${verb} ${customer}`;
}

function describeCustomer(rejection: HintInput): string {
  const { customer, customerExists, customerIsInactive, similarCustomer } = rejection;
  if (customerIsInactive) {
    return `The customer ${quote(customer)} is deactivated, so that no token of it works. `;
  }
  if (customerExists || customer === '') return '';
  if (similarCustomer === null) return `There is no customer ${quote(customer)} yet. `;
  return `There is no customer ${quote(customer)}; did you mean ${quote(similarCustomer)}? Then enter that on the device. `;
}

function renewToken(rejection: HintInput, what: string): Hint {
  const { customer, customerExists, tokenCustomer, tokenId, successor } = rejection;
  const name = tokenId !== null && isTokenId(tokenId) ? `${tokenId} ` : '';
  if (successor !== null && isTokenId(successor)) {
    const text = `The token ${name}${what}. ${successor} took over from it: enter that one on the device. Where it was not kept, rotate it again.`;
    return { text, command: `fleet token rotate ${successor}` };
  }
  const text = `The token ${name}${what}. Create a new one and enter it on the device.`;
  if (customerExists || tokenCustomer === null)
    return { text, command: provideToken(rejection, 'create') };
  return {
    text: `${text} There is no customer ${quote(customer)}: the device must post to ${ingestPath(tokenCustomer, rejection)}.`,
    command: slugCommand`fleet token create ${tokenCustomer}`,
  };
}

function explainMismatch(rejection: HintInput): Hint {
  const { customer, customerExists, similarCustomer } = rejection;
  const owner = ownerOf(rejection);
  const path = ingestPath(owner, rejection);
  if (!customerExists && similarCustomer === owner) {
    const text = `There is no customer ${quote(customer)}: the device must post to ${path}.`;
    return { text, command: null };
  }
  return {
    text: `${describeCustomer(rejection)}The token is one of ${quote(owner)}, but the device posts as ${quote(customer)}. Either it posts to ${path}, or it gets a token of ${quote(customer)}.`,
    command: provideToken(rejection, 'create'),
  };
}

/** A command in the middle of a sentence. */
function inBrackets(command: string | null): string {
  return command === null ? '' : ` (${command})`;
}

function ownerOf({
  tokenCustomer,
  customer,
}: Pick<HintInput, 'tokenCustomer' | 'customer'>): string {
  return tokenCustomer ?? customer;
}

function ingestPath(customer: string, { machine, software, endpoint }: HintInput): string {
  const isWhole = [customer, machine, software].every(isSlug) && ENDPOINTS.includes(endpoint);
  const ofMessage = isWhole ? `${machine}/${software}/${endpoint}` : '…';
  const rest = isBatch(endpoint) ? BATCH : ofMessage;
  return `/api/ingest/${isSlug(customer) ? customer : '…'}/${rest}`;
}

function describeEndpoint(path: string, detail: string): string {
  if (detail.endsWith('use POST.')) return clean(detail);
  const last =
    path
      .split(/[?#]/, 1)[0]
      ?.split('/')
      .findLast((segment) => segment !== '') ?? '';
  if (ENDPOINTS.includes(last)) {
    return 'The end of the path is right; what stands before it is not complete.';
  }
  if (last === BATCH) return 'A batch names machine and software in its lines, not in its path.';
  const similar = suggestSimilar(last, [...ENDPOINTS, BATCH]);
  return similar === null
    ? 'The device posts to a path that does not exist.'
    : `Did you mean "…/${similar}"?`;
}

/** Also of one line of it, which is logged with its kind: `batch/status`. */
function isBatch(endpoint: string): boolean {
  return endpoint.split('/', 1)[0] === BATCH;
}

function describeSlug(rejection: HintInput): string {
  const { customer, machine, software, endpoint, similarCustomer } = rejection;
  const parts = Object.entries({ customer, machine, software });
  const [kind, slug] = parts.find(([, part]) => !isSlug(part)) ?? [];
  if (kind === undefined || slug === undefined) return `A slug is too long. ${SLUG_RULE}`;
  if (slug === '' && isBatch(endpoint)) return `The line names no ${kind}. ${SLUG_RULE}`;
  const meant = (kind === 'customer' ? similarCustomer : null) ?? proposeSlug(slug);
  const proposal = meant === null ? '' : ` Enter ${quote(meant)} on the device.`;
  return `The ${kind} ${quote(slug)} is not a slug.${proposal} ${SLUG_RULE}`;
}

// A token in the place of a slug must not come back as a proposal.
function proposeSlug(slug: string): string | null {
  return redactText(slug).includes(REDACTED) ? null : suggestSlug(slug);
}

// Twice what the detail names as the limit ("has 5000 of 5000 machines"); a digit within a slug is
// no number.
function raiseLimit({ detail }: HintInput, kind: keyof typeof RAISED_LIMITS): number {
  const digits = /(?<![\w.-])\d[\d,]{0,12}(?![\w-])/.exec(detail)?.[0].replaceAll(',', '');
  return digits === undefined || Number(digits) === 0 ? RAISED_LIMITS[kind] : Number(digits) * 2;
}

function quote(text: string): string {
  const { text: start, cut } = cutText(redactText(text), QUOTED_LENGTH);
  return `"${printable(start)}${cut ? '…' : ''}"`;
}

function clean(text: string): string {
  return printable(cutText(redactText(text), DETAIL_LENGTH).text);
}
