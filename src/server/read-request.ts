import { isSlug, SLUG_RULE } from '../domain/slug.ts';
import { readBearer } from '../domain/tokens/bearer.ts';
import { hashTokenHex } from '../domain/tokens/token.ts';
import { type Refusal, refuse } from '../ingest/outcome.ts';
import type { SentRequest } from '../ingest/request.ts';
import { readAddress } from './address.ts';
import { readBody, type UnreadBody } from './body.ts';
import type { AppContext, AppServices } from './context.ts';

export interface Expected {
  /** Of the path, by name. */
  slugs: Readonly<Record<string, string>>;
  maxBytes: number;
  receivedAtMs: number;
}

/** Everything that can be said of a request without the database, in the order of the contract. */
export async function readRequest(
  c: AppContext,
  { uploads }: AppServices,
  { slugs, maxBytes, receivedAtMs }: Expected,
): Promise<Omit<SentRequest, 'customer'> | Refusal> {
  const body = await readBody(c, { maxBytes, uploads });
  if (!(body instanceof Uint8Array)) return refuseUnread(body, maxBytes);
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return refuse(
      'unsupported_encoding',
      'Send the body as it is, or with Content-Encoding: gzip.',
    );
  }
  const invalid = Object.keys(slugs).find((name) => !isSlug(slugs[name] ?? ''));
  if (invalid) return refuse('invalid_slug', `The ${invalid} in the path is no slug: ${SLUG_RULE}`);
  const bearer = readBearer(c.req.header('authorization'));
  if (!bearer.ok) return refuse('token_missing', bearer.problem);
  return {
    tokenHash: hashTokenHex(bearer.token),
    bearer: bearer.token,
    body,
    isGzip: encoding === 'gzip',
    receivedAtMs,
    address: readAddress(c),
  };
}

function refuseUnread(why: UnreadBody, maxBytes: number): Refusal {
  return why === 'too_large'
    ? refuse('payload_too_large', `The body is larger than ${maxBytes} bytes.`)
    : refuse('overloaded', 'The server has more bodies under way than it can hold.');
}
