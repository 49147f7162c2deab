/** Availability: the share of the observed time in which an instance was up. */
import { DAY_MS } from '../time/duration.ts';
import { type Interval, lengthOf, listObserved } from '../time/observed.ts';
import type { Restart } from './changes.ts';
import type { ObservedOutage } from './outages.ts';
import type { UpSpan } from './spans.ts';

/** The windows that are shown, with the number of cells of their strips. */
export const WINDOWS = [
  { name: '24h', lengthMs: DAY_MS, cells: 24 },
  { name: '7d', lengthMs: 7 * DAY_MS, cells: 28 },
  { name: '30d', lengthMs: 30 * DAY_MS, cells: 30 },
] as const;

export type WindowName = (typeof WINDOWS)[number]['name'];

/** What a piece of a window was like. */
export const CELLS = ['up', 'partly', 'down', 'not_observed', 'before_first_heartbeat'] as const;

export type Cell = (typeof CELLS)[number];

export interface WindowAvailability {
  window: WindowName;
  from: number;
  to: number;
  /** 0 to 1; null where nothing of it was observed since the first heartbeat. */
  availability: number | null;
  observed_ms: number;
  up_ms: number;
  /** How many outages and restarts there were in it, whenever an outage began. */
  outages: number;
  restarts: number;
  /** Equal pieces of the window, the oldest first. */
  strip: Cell[];
}

/** The whole life of an instance, of which windows are cut. */
export interface Life {
  /** Oldest first. */
  spans: readonly UpSpan[];
  outages: readonly ObservedOutage[];
  restarts: readonly Restart[];
  limitMs: number;
  nowMs: number;
  /** Times in which no server listened, in order, up to `nowMs`. */
  unobserved: readonly Interval[];
}

/** Returns the availability of each of the windows up to now. */
export function measureWindows(life: Life): WindowAvailability[] {
  const losses = listLosses(life);
  return WINDOWS.map((window) => measureWindow(life, losses, window));
}

/** Observed time of which a share was lost. */
interface Loss extends Interval {
  share: number;
}

/** Silence up to the limit is no loss: a restart between two heartbeats, or the time since the last one. */
function listLosses({ spans, outages, limitMs, unobserved }: Life): Loss[] {
  const down = outages.flatMap(({ stretches }) => stretches.map((each) => ({ ...each, share: 1 })));
  const flapping = spans.flatMap((span) => {
    const share = findLostShare(span, limitMs);
    if (share === 0) return [];
    const observed = listObserved(span.started_at, span.ended_at, unobserved);
    return observed.map((each) => ({ ...each, share }));
  });
  return [...down, ...flapping];
}

/**
 * Of merged episodes only the sum of what heartbeats covered is known, and not where the gaps lie or
 * how long each was. All of them count as lost, evenly, unless even together they are no outage: an
 * instance that closed more than 20 episodes in that hour was hardly available.
 */
function findLostShare(span: UpSpan, limitMs: number): number {
  const wholeMs = lengthOf(span);
  return wholeMs - span.up_ms > limitMs ? 1 - span.up_ms / wholeMs : 0;
}

function measureWindow(
  life: Life,
  losses: readonly Loss[],
  { name, lengthMs, cells }: (typeof WINDOWS)[number],
): WindowAvailability {
  const window = { started_at: life.nowMs - lengthMs, ended_at: life.nowMs };
  const { started_at: from, ended_at: to } = window;
  const within = losses.filter((loss) => overlapOf(loss, window) > 0);
  const { observedMs, upMs } = measure(life, within, window);
  return {
    ...{ window: name, from, to },
    availability: observedMs === 0 ? null : upMs / observedMs,
    observed_ms: observedMs,
    up_ms: Math.round(upMs),
    outages: life.outages.filter((outage) => (outage.to ?? to) > from).length,
    restarts: life.restarts.filter(({ at }) => at > from).length,
    strip: cut(window, cells).map((cell) => judgeCell(life, within, cell)),
  };
}

function judgeCell(life: Life, losses: readonly Loss[], cell: Interval): Cell {
  const [first] = life.spans;
  if (!first || cell.ended_at <= first.started_at) return 'before_first_heartbeat';
  const { observedMs, upMs } = measure(life, losses, cell);
  if (observedMs === 0) return 'not_observed';
  if (upMs === observedMs) return 'up';
  return upMs === 0 ? 'down' : 'partly';
}

/** Time before the first heartbeat counts for nothing: a device is not down before it is installed. */
function measure({ spans, unobserved }: Life, losses: readonly Loss[], window: Interval) {
  const [first] = spans;
  if (!first) return { observedMs: 0, upMs: 0 };
  const started_at = Math.max(window.started_at, first.started_at);
  const known = { started_at, ended_at: window.ended_at };
  const observed = listObserved(known.started_at, known.ended_at, unobserved);
  const observedMs = observed.reduce((sum, each) => sum + lengthOf(each), 0);
  const lostMs = losses.reduce((sum, loss) => sum + overlapOf(loss, known) * loss.share, 0);
  return { observedMs, upMs: Math.max(0, observedMs - lostMs) };
}

function overlapOf(one: Interval, two: Interval): number {
  const from = Math.max(one.started_at, two.started_at);
  return Math.max(0, Math.min(one.ended_at, two.ended_at) - from);
}

function cut({ started_at, ended_at }: Interval, pieces: number): Interval[] {
  const at = (index: number) => started_at + Math.round(((ended_at - started_at) * index) / pieces);
  return Array.from({ length: pieces }, (_, index) => ({
    started_at: at(index),
    ended_at: at(index + 1),
  }));
}
