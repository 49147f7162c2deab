import { Hono } from 'hono';
import { REASONS } from '../../domain/rejections/reasons.ts';
import type { BatchAcceptance, LineRefusal } from '../../ingest/outcome.ts';
import type { BatchAnswer } from '../../protocol/answers.ts';
import { answerAccepted } from '../answer-accepted.ts';
import type { AppContext, AppEnv, AppServices } from '../context.ts';
import { readRequest } from '../read-request.ts';
import { answerRefusal, describeSender, targetBatch } from '../refusals.ts';

/** The endpoint through which one sender reports for many machines: `/{customer}/batch`. */
export function createBatchRoutes(services: AppServices): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.post('/:customer/batch', async (c) => {
    return await receive(c, services, c.req.param('customer'));
  });
  return routes;
}

async function receive(c: AppContext, services: AppServices, customer: string): Promise<Response> {
  const receivedAtMs = services.clock();
  const maxBytes = services.limits.wire.batchBytes;
  const expected = { slugs: { customer }, maxBytes, receivedAtMs };
  const sent = await readRequest(c, services, expected);
  const outcome =
    'ok' in sent ? sent : await services.submitBatch({ ...sent, customer, endpoint: 'batch' });
  if (!outcome.ok) {
    return answerRefusal(c, services, { refusal: outcome, target: targetBatch(customer) });
  }
  recordLines(c, services, { customer, outcome });
  return answerAccepted(c, describeBatch(outcome), { ...outcome, receivedAtMs });
}

function describeBatch({ accepted, rejected, warnings }: BatchAcceptance): BatchAnswer {
  return { ok: true, accepted, rejected, ...(warnings.length > 0 && { warnings }) };
}

/** Every line has its outcome, so each refused one is logged or counted as a request would be. */
function recordLines(
  c: AppContext,
  services: AppServices,
  { customer, outcome }: { customer: string; outcome: BatchAcceptance },
): void {
  const { rejected, logged } = outcome;
  if (rejected.length === 0) return;
  const sender = describeSender(c, services);
  for (const refusal of logged) services.record({ ...describeLine(refusal, customer), ...sender });
  const toLog = rejected.filter(({ reason }) => REASONS[reason].logged).length;
  if (toLog > logged.length) services.skip(toLog - logged.length);
  if (toLog < rejected.length) services.count(rejected.length - toLog);
}

function describeLine({ ok: _, line, kind, detail, ...refusal }: LineRefusal, customer: string) {
  return {
    ...refusal,
    customer,
    // With the kind, so that a rejection counts as solved by a message of the same kind.
    endpoint: kind === null ? 'batch' : `batch/${kind}`,
    // At the end: the hints read the first number of a detail.
    detail: `${detail} (Line ${line} of the batch.)`,
    httpStatus: REASONS[refusal.reason].status,
  };
}
