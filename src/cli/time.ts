import { formatDuration } from '../domain/time/duration.ts';
import { formatInstant, formatRelative } from '../domain/time/instant.ts';

/** Returns the instant (epoch ms) for people: local time with its offset, and how far away it is. */
export function formatWhen(ms: number, nowMs: number): string {
  return `${formatLocal(ms)} (${formatRelative(ms, nowMs)})`;
}

/** Returns what `formatWhen` does, or null where there is no such instant. */
export function formatWhenKnown(ms: number | null, nowMs: number): string | null {
  return ms === null ? null : formatWhen(ms, nowMs);
}

/** Returns the instant for JSON, RFC 3339 in UTC, or null where there is none. */
export function toInstant(ms: number | null): string | null {
  return ms === null ? null : formatInstant(ms);
}

/** Returns the duration for people, or null where there is none. */
export function formatDurationKnown(ms: number | null): string | null {
  return ms === null ? null : formatDuration(ms);
}

/** Returns local time with seconds and offset, `2026-11-22 14:03:12 +01:00`, by the TZ of the process. */
export function formatLocal(ms: number): string {
  const offsetMinutes = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offsetMinutes * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${formatOffset(offsetMinutes)}`;
}

/** Returns the instant for people in few letters: the local time of today, else with its day; and how far away it is. */
export function formatSince(ms: number, nowMs: number): string {
  return `${formatDayTime(ms, nowMs)} (${formatRelative(ms, nowMs)})`;
}

/** Returns the local time to the minute, `14:03`, with its day before it unless that is today's. */
export function formatDayTime(ms: number, nowMs: number): string {
  const [day, time = ''] = formatLocal(ms).split(' ');
  const [today] = formatLocal(nowMs).split(' ');
  const minutes = time.slice(0, 5);
  return day === today ? minutes : `${day} ${minutes}`;
}

function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${pad(hours)}:${pad(rest)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
