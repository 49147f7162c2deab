import { Hono } from 'hono';
import type { Acceptance } from '../../ingest/outcome.ts';
import type { AcceptedAnswer } from '../../protocol/answers.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../protocol/messages.ts';
import { answerAccepted } from '../answer-accepted.ts';
import type { AppContext, AppEnv, AppServices } from '../context.ts';
import { readRequest } from '../read-request.ts';
import { answerRefusal, type Target } from '../refusals.ts';

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

function describeMessage({ accepted, isDuplicate, warnings }: Acceptance): AcceptedAnswer {
  return {
    ok: true,
    accepted,
    ...(isDuplicate && { duplicate: true }),
    ...(warnings.length > 0 && { warnings }),
  };
}
