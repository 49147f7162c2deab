/** Time in which somebody listened, and time in which nobody did: nobody's silence, and nobody's outage. */

/** A stretch of time, epoch milliseconds, the end excluded. */
export interface Interval {
  started_at: number;
  ended_at: number;
}

/**
 * Returns the instant (epoch ms) from which on, up to `nowMs`, somebody listened for `durationMs`
 * in all. Time in which no server ran is nobody's silence, so it is passed over.
 */
export function goBackObserved(
  nowMs: number,
  durationMs: number,
  unobserved: readonly Interval[],
): number {
  let atMs = nowMs;
  let restMs = durationMs;
  for (const gap of unobserved.toSorted((one, two) => two.ended_at - one.ended_at)) {
    const listenedMs = Math.max(0, atMs - gap.ended_at);
    if (listenedMs >= restMs) break;
    restMs -= listenedMs;
    atMs = Math.min(atMs, gap.started_at);
  }
  return atMs - restMs;
}

/** Returns the stretches between two instants in which somebody listened, in order. */
export function listObserved(
  fromMs: number,
  toMs: number,
  unobserved: readonly Interval[],
): Interval[] {
  const stretches: Interval[] = [];
  let since = fromMs;
  for (const gap of unobserved) {
    if (gap.ended_at <= since || gap.started_at >= toMs) continue;
    if (gap.started_at > since) stretches.push({ started_at: since, ended_at: gap.started_at });
    since = gap.ended_at;
  }
  if (since < toMs) stretches.push({ started_at: since, ended_at: toMs });
  return stretches;
}

/** Returns how long an interval is, in milliseconds. */
export function lengthOf({ started_at, ended_at }: Interval): number {
  return ended_at - started_at;
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
  return Math.max(0, ...listObserved(fromMs, toMs, unobserved).map(lengthOf));
}
