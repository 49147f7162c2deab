/**
 * Merges episodes into one row: those of a flapping instance's hour, and those that began in the
 * same millisecond and so have the same key.
 */
import type { DiagnosticEpisode, StatusEpisode, UpEpisode } from '../../db/schema.ts';

/** Up episodes as one; `up_ms` keeps the time that was really covered. */
export function foldUp(one: UpEpisode, two: UpEpisode): UpEpisode {
  const [first, last] = one.started_at <= two.started_at ? [one, two] : [two, one];
  return {
    ...last,
    started_at: first.started_at,
    ended_at: Math.max(first.ended_at, last.ended_at),
    up_ms: first.up_ms + last.up_ms,
    beats: first.beats + last.beats,
    episodes: first.episodes + last.episodes,
  };
}

/** Status episodes as one, under the last word. */
export function foldStatus(one: StatusEpisode, two: StatusEpisode): StatusEpisode {
  const [first, last] = one.started_at <= two.started_at ? [one, two] : [two, one];
  return {
    ...last,
    started_at: first.started_at,
    ended_at: Math.max(first.ended_at, last.ended_at),
    last_at: Math.max(first.last_at, last.last_at),
    count: first.count + last.count,
    episodes: first.episodes + last.episodes,
  };
}

/** Diagnostic episodes as one, under the last code, with the highest severity. */
export function foldDiagnostic(one: DiagnosticEpisode, two: DiagnosticEpisode): DiagnosticEpisode {
  const [first, last] = one.opened_at <= two.opened_at ? [one, two] : [two, one];
  return {
    ...last,
    opened_at: first.opened_at,
    severity: Math.max(first.severity, last.severity),
    last_at: Math.max(first.last_at, last.last_at),
    closed_at: Math.max(first.closed_at, last.closed_at),
    count: first.count + last.count,
    episodes: first.episodes + last.episodes,
  };
}
