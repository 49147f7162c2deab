/** A stretch of time, epoch milliseconds, the end excluded. */
export interface Interval {
  started_at: number;
  ended_at: number;
}

/**
 * The longest stretch between two instants in which somebody listened and nothing was heard.
 * Time in which no server ran proves nothing about a device, so it splits the silence.
 */
export function longestObservedSilenceMs(
  fromMs: number,
  toMs: number,
  unobserved: readonly Interval[],
): number {
  let longest = 0;
  let since = fromMs;
  for (const gap of unobserved) {
    if (gap.ended_at <= since || gap.started_at >= toMs) continue;
    longest = Math.max(longest, gap.started_at - since);
    since = gap.ended_at;
  }
  return Math.max(longest, toMs - since, 0);
}
