/** The up episodes of an instance in their order: what its whole history of running follows from. */

/** An up episode, closed or open; instants in epoch ms. */
export interface UpSpan {
  /** Its first heartbeat. */
  started_at: number;
  /** Its last heartbeat so far. */
  ended_at: number;
  /** Time covered by heartbeats; less than the whole where flapping merged several episodes. */
  up_ms: number;
  beats: number;
  version: string | null;
  /** `gap`, `restart` or `version`; null while it is open. */
  ended_by: string | null;
  /** How many episodes it stands for: above 1 where flapping merged them. */
  episodes: number;
}

export interface UpSpans {
  /** In whatever order. */
  closed: readonly UpSpan[];
  open: UpSpan | null;
}

/**
 * Returns the episodes by their start, the open one last, none beyond `nowMs`. A closed one that
 * begins no earlier than the open one is left out: it was dated by a clock that was set back since,
 * or is the open one itself, closed between two reads.
 */
export function orderSpans({ closed, open }: UpSpans, nowMs: number): UpSpan[] {
  const beforeMs = open?.started_at ?? nowMs;
  const earlier = closed
    .filter(({ started_at }) => started_at < beforeMs)
    .sort((one, two) => one.started_at - two.started_at);
  return [...earlier, ...(open ? [open] : [])].map((span) => endBy(span, nowMs));
}

function endBy(span: UpSpan, nowMs: number): UpSpan {
  const started_at = Math.min(span.started_at, nowMs);
  const ended_at = Math.min(Math.max(span.ended_at, started_at), nowMs);
  const up_ms = Math.max(0, Math.min(span.up_ms, ended_at - started_at));
  return { ...span, started_at, ended_at, up_ms };
}
