/** Answers refusals and hands them to the rejection log. */
import { REASONS } from '../domain/rejections/reasons.ts';
import type { Refusal } from '../ingest/outcome.ts';
import { readAddress } from './address.ts';
import type { AppContext, AppServices } from './context.ts';
import { readPath } from './path.ts';
import { answerProblem } from './problem.ts';

/** The path of an ingest request as it was sent, slugs or not. */
export interface Target {
  customer: string;
  machine: string;
  software: string;
  endpoint: string;
}

/** A batch names no machine in its path. */
export function targetBatch(customer: string): Target {
  return { customer, machine: '', software: '', endpoint: 'batch' };
}

export interface HttpDetails {
  status?: number;
  allow?: string;
}

/** Answers a refusal; 4xx are logged as rejections, 5xx only counted. */
export function answerRefusal(
  c: AppContext,
  services: AppServices,
  { refusal, target, http = {} }: { refusal: Refusal; target: Target; http?: HttpDetails },
): Response {
  const httpStatus = http.status ?? REASONS[refusal.reason].status;
  if (REASONS[refusal.reason].logged) {
    const { ok: _, ...what } = refusal;
    services.record({ ...what, ...target, httpStatus, ...describeSender(c, services) });
  } else {
    services.count();
  }
  const { reason, detail, errors } = refusal;
  return answerProblem(c, { reason, detail, errors, ...http });
}

/** What the rejection log gets of a request beside its refusal. */
export function describeSender(c: AppContext, { clock }: AppServices) {
  return {
    path: readPath(c.req.raw),
    bearer: readPresentedToken(c.req.header('authorization')),
    address: readAddress(c),
    atMs: clock(),
  };
}

const PRESENTED = /^["'`\s]*(?:[a-z]+[\s:=]+(?=[^\s:=]))?(.+)$/is;

/** What stands in for a token in the header, also in a malformed one: whoever writes it there may repeat it in the path. */
function readPresentedToken(header: string | undefined): string | undefined {
  const presented = PRESENTED.exec(header?.trim() ?? '')?.[1];
  return presented && !/^bearer$/i.test(presented) ? presented : undefined;
}
