/** A stretch of time in which no server listened, epoch milliseconds. */
interface Gap {
  started_at: number;
  ended_at: number;
}

/**
 * Returns the instant (epoch ms) from which on, up to `nowMs`, somebody listened for `durationMs`
 * in all. Time in which no server ran is nobody's silence, so it is passed over.
 */
export function goBackObserved(nowMs: number, durationMs: number, gaps: readonly Gap[]): number {
  let atMs = nowMs;
  let restMs = durationMs;
  for (const gap of gaps.toSorted((one, two) => two.ended_at - one.ended_at)) {
    const listenedMs = Math.max(0, atMs - gap.ended_at);
    if (listenedMs >= restMs) break;
    restMs -= listenedMs;
    atMs = Math.min(atMs, gap.started_at);
  }
  return atMs - restMs;
}
