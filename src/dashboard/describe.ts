import type { HealthReason } from '../domain/health/judge.ts';
import { formatRelative } from '../domain/instant.ts';

export function describeReason({ text, since }: HealthReason, nowMs: number): string {
  return since === null ? text : `${text}, since ${formatRelative(since, nowMs)}`;
}
