/** The overdue limit, of a customer, a machine or an instance alike. */

import { FleetError } from '../errors.ts';
import { parseDuration } from '../time/duration.ts';

/** Stands for what is set above: for a customer by the server, for a machine by its customer. */
export const DEFAULT_LIMIT = 'default';

/** A device that beats once a minute would flicker below this. */
const LEAST_MS = 10_000;
const MOST_MS = 400 * 86_400_000;

/** The limit of a server that is given no other. */
export const DEFAULT_OVERDUE_MS = 5 * 60_000;

/** What is said of a limit that is not within the bounds. */
export const OVERDUE_LIMIT_RULE = 'The overdue limit must be between 10s and 400d.';

/** Returns whether the limit in milliseconds may be set; null stands for none of its own. */
export function isOverdueLimit(limitMs: number | null): boolean {
  return limitMs === null || (limitMs >= LEAST_MS && limitMs <= MOST_MS);
}

/** Throws a usage error for a limit that may not be set. */
export function requireOverdueLimit(limitMs: number | null): void {
  if (!isOverdueLimit(limitMs)) throw new FleetError('usage', OVERDUE_LIMIT_RULE);
}

/** Returns an overdue limit in milliseconds, or null for `default`; throws a usage error for what is no duration. */
export function parseOverdueLimit(text: string): number | null {
  return text === DEFAULT_LIMIT ? null : parseDuration(text);
}
