import { Hono } from 'hono';
import { readBearer } from '../../domain/bearer.ts';
import { formatInstant } from '../../domain/instant.ts';
import { isSlug, SLUG_RULE } from '../../domain/slug.ts';
import { hashTokenHex } from '../../domain/token.ts';
import { type Acceptance, type Refusal, refuse } from '../../ingest/outcome.ts';
import type { SentRequest } from '../../ingest/request.ts';
import type { AcceptedAnswer, BatchAnswer } from '../../protocol/answers.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../protocol/messages.ts';
import { readAddress } from '../address.ts';
import { send } from '../answer.ts';
import { readBody, type UnreadBody } from '../body.ts';
import type { AppContext, AppEnv, AppServices } from '../context.ts';
import { answerRefusal, type Target } from '../refusals.ts';

const EXPIRY_NOTICE_MS = 30 * 86_400_000;

/** The endpoints through which devices report: `/{customer}/{machine}/{software}/{endpoint}`. */
export function createIngestRoutes(services: AppServices): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const endpoint of MESSAGE_KINDS) {
    routes.post(`/:customer/:machine/:software/${endpoint}`, async (c) => {
      const { customer, machine, software } = c.req.param();
      return await receive(c, services, { customer, machine, software, endpoint });
    });
  }
  return routes;
}

interface MessageTarget extends Target {
  endpoint: MessageKind;
}

async function receive(
  c: AppContext,
  services: AppServices,
  target: MessageTarget,
): Promise<Response> {
  const receivedAtMs = services.clock();
  const { customer, machine, software } = target;
  const slugs = { customer, machine, software };
  const maxBytes = services.limits.wire.bodyBytes;
  const sent = await readRequest(c, services, { slugs, maxBytes, receivedAtMs });
  const outcome = 'ok' in sent ? sent : await services.submit({ ...target, ...sent });
  return outcome.ok
    ? answerAccepted(c, describeMessage(outcome), { ...outcome, receivedAtMs })
    : answerRefusal(c, services, { refusal: outcome, target });
}

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

function describeMessage({ accepted, isDuplicate, warnings }: Acceptance): AcceptedAnswer {
  return {
    ok: true,
    accepted,
    ...(isDuplicate && { duplicate: true }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** 200, with the notice that the token expires soon. */
export function answerAccepted(
  c: AppContext,
  answer: AcceptedAnswer | BatchAnswer,
  { tokenExpiresAtMs, receivedAtMs }: { tokenExpiresAtMs: number | null; receivedAtMs: number },
): Response {
  const expiry = noteExpiry(tokenExpiresAtMs, receivedAtMs);
  const headers = { 'Content-Type': 'application/json', ...expiry };
  return send(c, { status: 200, headers, body: JSON.stringify(answer) });
}

function noteExpiry(expiresAtMs: number | null, nowMs: number): Record<string, string> {
  const isNear = expiresAtMs !== null && expiresAtMs - nowMs <= EXPIRY_NOTICE_MS;
  return isNear ? { 'Fleet-Token-Expires': formatInstant(expiresAtMs) } : {};
}
