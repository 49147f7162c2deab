import { Hono } from 'hono';
import { readBearer } from '../../domain/bearer.ts';
import { formatInstant } from '../../domain/instant.ts';
import { isSlug, SLUG_RULE } from '../../domain/slug.ts';
import { hashTokenHex } from '../../domain/token.ts';
import { type Acceptance, type Refusal, refuse } from '../../ingest/outcome.ts';
import type { IngestRequest } from '../../ingest/request.ts';
import type { AcceptedAnswer } from '../../protocol/answers.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../protocol/messages.ts';
import { readAddress } from '../address.ts';
import { send } from '../answer.ts';
import { readBody } from '../body.ts';
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
  const request = await readRequest(c, services, { target, receivedAtMs });
  const outcome = 'ok' in request ? request : await services.submit(request);
  return outcome.ok
    ? answerAcceptance(c, outcome, receivedAtMs)
    : answerRefusal(c, services, { refusal: outcome, target });
}

/** Everything that can be said of a request without the database, in the order of the contract. */
async function readRequest(
  c: AppContext,
  { limits }: AppServices,
  { target, receivedAtMs }: { target: MessageTarget; receivedAtMs: number },
): Promise<IngestRequest | Refusal> {
  const body = await readBody(c, limits.wire.bodyBytes);
  if (body === 'too_large') {
    return refuse('payload_too_large', `The body is larger than ${limits.wire.bodyBytes} bytes.`);
  }
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return refuse(
      'unsupported_encoding',
      'Send the body as it is, or with Content-Encoding: gzip.',
    );
  }
  const invalid = findInvalidSlug(target);
  if (invalid) return refuse('invalid_slug', `The ${invalid} in the path is no slug: ${SLUG_RULE}`);
  const bearer = readBearer(c.req.header('authorization'));
  if (!bearer.ok) return refuse('token_missing', bearer.problem);
  return {
    ...target,
    tokenHash: hashTokenHex(bearer.token),
    bearer: bearer.token,
    body,
    isGzip: encoding === 'gzip',
    receivedAtMs,
    address: readAddress(c),
  };
}

function findInvalidSlug(target: Target): string | undefined {
  return (['customer', 'machine', 'software'] as const).find((name) => !isSlug(target[name]));
}

function answerAcceptance(c: AppContext, outcome: Acceptance, nowMs: number): Response {
  const { accepted, isDuplicate, warnings, tokenExpiresAtMs } = outcome;
  const answer: AcceptedAnswer = {
    ok: true,
    accepted,
    ...(isDuplicate && { duplicate: true }),
    ...(warnings.length > 0 && { warnings }),
  };
  const headers = { 'Content-Type': 'application/json', ...noteExpiry(tokenExpiresAtMs, nowMs) };
  return send(c, { status: 200, headers, body: JSON.stringify(answer) });
}

function noteExpiry(expiresAtMs: number | null, nowMs: number): Record<string, string> {
  const isNear = expiresAtMs !== null && expiresAtMs - nowMs <= EXPIRY_NOTICE_MS;
  return isNear ? { 'Fleet-Token-Expires': formatInstant(expiresAtMs) } : {};
}
