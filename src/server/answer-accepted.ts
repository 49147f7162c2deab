import { formatInstant } from '../domain/time/instant.ts';
import type { AcceptedAnswer, BatchAnswer } from '../protocol/answers.ts';
import { send } from './answer.ts';
import type { AppContext } from './context.ts';

const EXPIRY_NOTICE_MS = 30 * 86_400_000;

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
