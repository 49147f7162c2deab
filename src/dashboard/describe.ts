import type { HealthReason } from '../domain/health/judge.ts';
import { formatRelative } from '../domain/instant.ts';

/** Returns a reason in words, and since when, where the words do not tell it. */
export function describeReason({ code, text, since }: HealthReason, nowMs: number): string {
  return since === null || code === 'overdue'
    ? text
    : `${text}, since ${formatRelative(since, nowMs)}`;
}
