import type { RecordedRejection } from '../../db/rejections/write.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { REDACTED, redactText } from '../../domain/secrets/redact.ts';
import { isSlug, SLUG_MAX } from '../../domain/slug.ts';
import { cutText, toStorableText } from '../../domain/text/well-formed.ts';
import { MAX_FIELD_ERRORS } from '../../protocol/limits.ts';
import { endpointOf } from './identity.ts';
import type { PendingRejection } from './pending.ts';
import type { RefusedRequest } from './refused-request.ts';

const PATH_LENGTH = 512;
const ADDRESS_LENGTH = 64;
const DETAIL_LENGTH = 1000;
const ERROR_LENGTH = 300;
/** For the 512 characters around the fault, and the notes on what was left out. */
const EXCERPT_BYTES = 2048;
/** No token is shorter, of ours or imported. */
const TOKEN_MIN_LENGTH = 8;

/** Returns the row of an entry: every text bounded, storable in both databases, and what came from the path redacted. */
export function toRow(
  { digest, latest, count, firstAtMs, lastAtMs }: PendingRejection,
  payloadBytes: number,
): RecordedRejection {
  return {
    digest,
    customer: cleanPart(latest.customer, latest),
    machine: cleanPart(latest.machine, latest),
    software: cleanPart(latest.software, latest),
    endpoint: clean(endpointOf(latest), latest, PATH_LENGTH),
    path: clean(latest.path, latest, PATH_LENGTH),
    reason: latest.reason,
    http_status: latest.httpStatus,
    token_id: latest.tokenId,
    token_customer: latest.tokenCustomer,
    token_form: latest.tokenForm,
    address: bound(normalizeAddress(latest.address), ADDRESS_LENGTH),
    detail: cleanSentence(latest.detail, latest, DETAIL_LENGTH),
    errors: writeErrors(latest),
    payload: boundPayload(latest.payload, payloadBytes + EXCERPT_BYTES),
    count,
    first_at: firstAtMs,
    last_at: lastAtMs,
  };
}

/** A slug is what it should be and holds no secret, except where the token itself stands in it. */
function cleanPart(text: string, latest: RefusedRequest): string {
  return isSlug(text) && !repeatsBearer(text, latest) ? text : clean(text, latest, SLUG_MAX);
}

/** A short text may be in a slug by chance, as where the customer was taken for the token. */
function repeatsBearer(text: string, { bearer }: RefusedRequest): boolean {
  if (bearer === undefined) return false;
  return text === bearer || (bearer.length >= TOKEN_MIN_LENGTH && text.includes(bearer));
}

/** Our own sentences, which may name a slug of the path. */
function cleanSentence(text: string, latest: RefusedRequest, length: number): string {
  const { bearer = '' } = latest;
  const clean = bearer.length >= TOKEN_MIN_LENGTH ? text.replaceAll(bearer, REDACTED) : text;
  return bound(clean, length);
}

function clean(text: string, { bearer }: RefusedRequest, length: number): string {
  return bound(redactText(text, bearer === undefined ? {} : { bearer }), length);
}

function bound(text: string, length: number): string {
  return toStorableText(cutText(text, length).text);
}

function writeErrors(latest: RefusedRequest): string | null {
  const { errors } = latest;
  if (errors === null) return null;
  const bounded = errors.slice(0, MAX_FIELD_ERRORS).map(({ path, message }) => ({
    path: cleanSentence(path, latest, ERROR_LENGTH),
    message: cleanSentence(message, latest, ERROR_LENGTH),
  }));
  return JSON.stringify(bounded);
}

function boundPayload(payload: string | null, maxBytes: number): string | null {
  if (payload === null) return null;
  const text = toStorableText(payload);
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
