import { type Interval, longestObservedSilenceMs } from '../time/observed.ts';

/** What is known of who listened, against which the silence of a device is held. */
export interface Watch {
  nowMs: number;
  /**
   * The last instant (epoch ms) at which a server listened: `nowMs` while one does; null where none
   * ever did. What comes after it is nobody's silence.
   */
  watchedUntilMs: number | null;
  /** Times in which no server listened, in order. */
  unobserved: readonly Interval[];
  /** The overdue limit where neither the instance, its machine nor its customer has one. */
  overdueAfterMs: number;
}

/** Returns whether a server listens now: only then does a light say something about the device. */
export function isWatched({ nowMs, watchedUntilMs }: Watch): boolean {
  return watchedUntilMs !== null && watchedUntilMs >= nowMs;
}

/**
 * Returns for how long nothing was heard, in milliseconds: up to the last instant at which somebody
 * listened.
 */
export function measureSilenceMs(lastBeatAtMs: number, watch: Watch): number {
  return Math.max(0, Math.min(watch.nowMs, watch.watchedUntilMs ?? lastBeatAtMs) - lastBeatAtMs);
}

/**
 * Returns whether an instance was silent for longer than its limit while a server listened. A
 * silence that a stop of the server splits counts in parts, as for the end of an up episode: what
 * was overdue before the stop stays so, and what was not starts anew.
 */
export function isOverdue(lastBeatAtMs: number, limitMs: number, watch: Watch): boolean {
  const silenceMs = measureSilenceMs(lastBeatAtMs, watch);
  if (silenceMs <= limitMs) return false;
  const untilMs = lastBeatAtMs + silenceMs;
  return longestObservedSilenceMs(lastBeatAtMs, untilMs, watch.unobserved) > limitMs;
}
