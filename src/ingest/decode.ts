import { gunzipSync } from 'node:zlib';
import type { Credential } from '../db/tokens/credentials.ts';
import { excerptPayload } from '../domain/redact.ts';
import { decodeMessage } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import type { WireLimits } from '../protocol/limits.ts';
import type { FieldError, Message } from '../protocol/messages.ts';
import { type Refusal, refuse } from './outcome.ts';
import type { IngestRequest } from './request.ts';

export interface DecodedRequest {
  ok: true;
  message: Message;
  warnings: string[];
  /** Of the unpacked body. */
  bytes: number;
}

const PAYLOAD_BYTES = 8 * 1024;

/** Reads the body of a request whose token is known: unpacks, parses and validates it. */
export function decodeRequest(
  request: IngestRequest,
  credential: Credential,
  limits: WireLimits,
): DecodedRequest | Refusal {
  const unpacked = unpack(request, limits.bodyBytes);
  if (!(unpacked instanceof Uint8Array)) return withToken(unpacked, credential);
  const parsed = parseJson(unpacked, { maxDepth: limits.jsonDepth });
  if (!parsed.ok) {
    const payload = quote(request, unpacked, parsed.position);
    return withToken(refuse('invalid_json', parsed.detail, { payload }), credential);
  }
  const decoded = decodeMessage(request.endpoint, parsed.value, { limits });
  if (decoded.ok) return { ...decoded, bytes: unpacked.byteLength };
  const payload = quote(request, unpacked, findField(unpacked, decoded.errors));
  const detail = describeErrors(decoded.errors);
  return withToken(
    refuse('invalid_payload', detail, { payload, errors: decoded.errors }),
    credential,
  );
}

/** The payload of a request for the rejection log, bounded and without secrets; null if it can't be unpacked. */
export function quotePayload(request: IngestRequest, limits: WireLimits): string | null {
  const unpacked = unpack(request, limits.bodyBytes);
  return unpacked instanceof Uint8Array ? quote(request, unpacked, null) : null;
}

function unpack({ body, isGzip }: IngestRequest, maxBytes: number): Uint8Array | Refusal {
  if (!isGzip) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      return refuse('payload_too_large', `The unpacked body is larger than ${maxBytes} bytes.`);
    }
    return refuse('invalid_json', 'The body is not valid gzip, although Content-Encoding says so.');
  }
}

function quote({ bearer }: IngestRequest, body: Uint8Array, around: number | null): string {
  const position = around === null ? {} : { around };
  return excerptPayload(toText(body), { maxBytes: PAYLOAD_BYTES, bearer, ...position });
}

/** As the parser reads it, so that its positions fit: malformed bytes replaced, no byte order mark. */
function toText(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

const FIELD_PATH = /^(\w+)(?:\[(\d+)\](?:\.(\w+))?)?$/;

/** Roughly where the first bad field stands: enough to choose what is quoted of a long body. */
function findField(body: Uint8Array, errors: readonly FieldError[]): number | null {
  const [, list, index = '0', field] = FIELD_PATH.exec(errors[0]?.path ?? '') ?? [];
  if (list === undefined) return null;
  const text = toText(body);
  let at = text.indexOf(`"${list}"`);
  for (let item = 0; field !== undefined && at >= 0 && item <= Number(index); item++) {
    at = text.indexOf(`"${field}"`, at + 1);
  }
  return at >= 0 ? at : null;
}

function describeErrors(errors: readonly FieldError[]): string {
  const [first, ...others] = errors;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `${first?.path || 'The body'} ${first?.message}${more}.`;
}

function withToken(refusal: Refusal, credential: Credential): Refusal {
  return { ...refusal, tokenId: credential.token_id, tokenCustomer: credential.customer };
}
