import { randomUUID } from 'node:crypto';
import { REASONS, type Reason } from '../domain/rejections/reasons.ts';
import { PROBLEM_CONTENT_TYPE, type Problem } from '../protocol/answers.ts';
import type { FieldError } from '../protocol/messages.ts';
import { send } from './answer.ts';
import type { AppContext } from './context.ts';

export interface ProblemInput {
  reason: Reason;
  detail: string;
  errors?: readonly FieldError[] | null;
  /** Where it is not the one of the reason: 405 for an unknown method. */
  status?: number;
  allow?: string;
  requestId?: string;
}

const RETRY_AFTER_SECONDS = { least: 5, spread: 10 };

/** A refusal as RFC 9457 problem details, with the headers that belong to its status. */
export function answerProblem(c: AppContext, input: ProblemInput): Response {
  const { reason, detail, errors, requestId = randomUUID() } = input;
  const status = input.status ?? REASONS[reason].status;
  const problem: Problem = {
    type: `urn:fleet:reason:${reason}`,
    title: REASONS[reason].title,
    status,
    detail,
    reason,
    ...(errors?.length && { errors: [...errors] }),
    request_id: requestId,
  };
  const headers = { 'Content-Type': PROBLEM_CONTENT_TYPE, ...listHeaders(status, input.allow) };
  return send(c, { status, headers, body: JSON.stringify(problem) });
}

function listHeaders(status: number, allow: string | undefined): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  if (status === 405 && allow) return { Allow: allow };
  return status === 503 || status === 429 ? { 'Retry-After': pickRetryAfter() } : {};
}

/** Jittered, so that the clients of an overloaded server do not come back all at once. */
function pickRetryAfter(): string {
  const { least, spread } = RETRY_AFTER_SECONDS;
  return String(least + Math.floor(Math.random() * spread));
}
