import { FleetError } from '../errors.ts';
import {
  DAY_MS,
  formatDurationRough,
  isDuration,
  parseDuration,
  TEN_YEARS_MS,
} from './duration.ts';

const EXPIRY_EXAMPLES = '90d, 2027-01-31, 2027-01-31T12:00:00Z or never';
const SINCE_EXAMPLES = '15m, 1d12h, 2027-01-31 or 2027-01-31T12:00:00Z';

const DATE = /^(\d{4}-\d{2}-\d{2})$/;
// RFC 3339 section 5.6, with seconds and zone as it demands; a leap second is refused, because no
// Date can hold it.
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Returns the instant (epoch ms) at which something expires, or null for `never`. A duration counts
 * from `now`, a date lasts through the end of that day in UTC. Throws a usage error for what is
 * past, over ten years away or anything else.
 */
export function parseExpiry(text: string, now: number): number | null {
  if (text === 'never') return null;
  const instant = isDuration(text) ? now + parseDuration(text) : parseCalendar(text, DAY_MS);
  if (instant === null) throw refuseInstant(text, 'is no expiry', EXPIRY_EXAMPLES);
  if (instant <= now) throw refuseInstant(text, 'is not in the future', EXPIRY_EXAMPLES);
  if (instant > now + TEN_YEARS_MS)
    throw refuseInstant(text, 'is more than ten years away', EXPIRY_EXAMPLES);
  return instant;
}

/**
 * Returns the instant (epoch ms) from which on something is wanted. A duration counts back from
 * `now`, a date starts at its midnight in UTC. Throws a usage error for what is in the future, over
 * ten years ago or anything else.
 */
export function parseSince(text: string, now: number): number {
  const instant = isDuration(text) ? now - parseDuration(text) : parseCalendar(text, 0);
  if (instant === null) throw refuseInstant(text, 'is no time in the past', SINCE_EXAMPLES);
  if (instant > now) throw refuseInstant(text, 'is in the future', SINCE_EXAMPLES);
  if (instant < now - TEN_YEARS_MS)
    throw refuseInstant(text, 'is more than ten years ago', SINCE_EXAMPLES);
  return instant;
}

/** Returns the instant (epoch ms) as an RFC 3339 string in UTC, as every JSON carries it. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Returns how far the instant is from `now`, for people, in its largest unit: `3 m ago`, `in 12 d`,
 * `now`.
 */
export function formatRelative(ms: number, now: number): string {
  const distance = formatDurationRough(Math.abs(ms - now));
  if (distance === '0 s') return 'now';
  return ms < now ? `${distance} ago` : `in ${distance}`;
}

function parseCalendar(text: string, dayEndMs: number): number | null {
  if (DATE.test(text)) return isRealDay(text) ? Date.parse(`${text}T00:00:00Z`) + dayEndMs : null;
  const day = DATE_TIME.exec(text)?.[1];
  if (day === undefined || !isRealDay(day)) return null;
  return Date.parse(text.replace(' ', 'T').toUpperCase());
}

// Date.parse rolls 2026-02-30 over into March, and takes some such days for invalid; only the way
// back tells.
function isRealDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

function refuseInstant(text: string, problem: string, examples: string): FleetError {
  return new FleetError('usage', `"${text}" ${problem}: write for example ${examples}.`);
}
