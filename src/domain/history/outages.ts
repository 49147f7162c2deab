/** Outages: silence between heartbeats that was observed for longer than the overdue limit. */

import { isSameWord } from '../status-word.ts';
import { type Interval, lengthOf, listObserved } from '../time/observed.ts';
import type { UpSpan } from './spans.ts';

export interface Outage {
  /** The last heartbeat before it, or when a server listened again where it was overdue only then. */
  from: number;
  /** The next heartbeat; null while it goes on. */
  to: number | null;
  /** Without the time in which no server listened. */
  duration_ms: number;
  /** The device had said `stopped`: planned, though not available. */
  stopped: boolean;
}

/** An outage with the stretches of it that were observed. */
export interface ObservedOutage extends Outage {
  stretches: Interval[];
}

/** A status episode, closed or open; instants in epoch ms. */
export interface StatusSpan {
  started_at: number;
  ended_at: number;
  last_at: number;
  status: string;
}

interface Silence extends Interval {
  /** The episode before it. */
  before: UpSpan;
  isOver: boolean;
}

export interface OutageContext {
  /** The overdue limit of today: the history does not keep what it was. */
  limitMs: number;
  statuses: readonly StatusSpan[];
  nowMs: number;
  /** Times in which no server listened, in order, up to `nowMs`. */
  unobserved: readonly Interval[];
}

/**
 * Returns the outages between episodes, oldest first. What ended the episode before does not matter:
 * a machine that was off for a day comes back with a restart. As for the light, a silence that a
 * stop of the server splits counts in parts: what was overdue before the stop stays so until the
 * next heartbeat, and what was not starts anew after it.
 */
export function findOutages(spans: readonly UpSpan[], context: OutageContext): ObservedOutage[] {
  return listSilences(spans, context.nowMs).flatMap(
    (silence) => findOutage(silence, context) ?? [],
  );
}

/** Counted from whichever episode ended last: a clock that was set back makes them overlap. */
function listSilences(spans: readonly UpSpan[], nowMs: number): Silence[] {
  const silences: Silence[] = [];
  let [before] = spans;
  if (!before) return [];
  for (const next of spans.slice(1)) {
    const interval = { started_at: before.ended_at, ended_at: next.started_at };
    silences.push({ ...interval, before, isOver: true });
    if (next.ended_at >= before.ended_at) before = next;
  }
  silences.push({ started_at: before.ended_at, ended_at: nowMs, before, isOver: false });
  return silences;
}

function findOutage(silence: Silence, context: OutageContext): ObservedOutage | null {
  const { started_at, ended_at } = silence;
  const observed = listObserved(started_at, ended_at, context.unobserved);
  const first = observed.findIndex((stretch) => lengthOf(stretch) > context.limitMs);
  const begin = observed[first];
  if (begin === undefined) return null;
  const stretches = observed.slice(first);
  return {
    from: begin.started_at,
    to: silence.isOver ? ended_at : null,
    duration_ms: stretches.reduce((sum, stretch) => sum + lengthOf(stretch), 0),
    stopped: context.statuses.some((each) => isStop(each, silence)),
    stretches,
  };
}

/** Said since the episode before began; an older word was overtaken by its heartbeats. */
function isStop(word: StatusSpan, { before, started_at, ended_at }: Silence): boolean {
  const isSaidOfIt = word.last_at >= before.started_at;
  const isInForce = word.started_at < ended_at && word.ended_at >= started_at;
  return isSaidOfIt && isInForce && isSameWord(word.status, 'stopped');
}
