/** Up episodes and who listened, with everything as usual that a test does not name. */
import type { Watch } from '../../src/domain/health/watch.ts';
import type { WindowAvailability, WindowName } from '../../src/domain/history/availability.ts';
import type { UpSpan } from '../../src/domain/history/spans.ts';
import { computeUptime, type Uptime, type UptimeInput } from '../../src/domain/history/uptime.ts';
import type { Interval } from '../../src/domain/time/observed.ts';
import { DAY, type InstanceModel, OVERDUE, T0 } from './instance-model.ts';

/** Now, in tests of the history; long after the beginning of every window. */
export const NOW = 100 * DAY;

/** An episode between two instants that are counted from now. */
export function span(fromMs: number, toMs: number, changes: Partial<UpSpan> = {}): UpSpan {
  const covered = { started_at: NOW + fromMs, ended_at: NOW + toMs, up_ms: toMs - fromMs };
  return { ...covered, beats: 9, version: null, ended_by: 'gap', episodes: 1, ...changes };
}

/** The episode that is open, with its last heartbeat. */
export function openSpan(fromMs: number, toMs = 0, changes: Partial<UpSpan> = {}): UpSpan {
  return span(fromMs, toMs, { ended_by: null, ...changes });
}

/** A time in which no server listened, counted from now. */
export function unobserved(fromMs: number, toMs: number): Interval {
  return { started_at: NOW + fromMs, ended_at: NOW + toMs };
}

/** Computes with a server that listens and always did. */
export function compute(
  input: Partial<Omit<UptimeInput, 'watch'>> & { watch?: Partial<Watch> },
): Uptime {
  const { watch, ...rest } = input;
  const always = { nowMs: NOW, watchedUntilMs: NOW, unobserved: [], overdueAfterMs: OVERDUE };
  return computeUptime({
    ...{ closed: [], open: null, statuses: [], limitMs: OVERDUE, ...rest },
    watch: { ...always, ...watch },
  });
}

/** The availability in one of the windows. */
export function windowOf({ availability }: Uptime, name: WindowName): WindowAvailability {
  return availability.find(({ window }) => window === name) as WindowAvailability;
}

/** The runs of equal cells of a strip, such as `3 up, 1 partly`. */
export function describeStrip({ strip }: WindowAvailability): string {
  const runs: { cell: string; length: number }[] = [];
  for (const cell of strip) {
    const last = runs.at(-1);
    if (last?.cell === cell) last.length += 1;
    else runs.push({ cell, length: 1 });
  }
  return runs.map(({ cell, length }) => `${length} ${cell}`).join(', ');
}

/** What the ingest made of messages, as it is seen `atMs` after T0 while a server listens. */
export function uptimeOf(model: InstanceModel, atMs: number): Uptime {
  const { up_since, last_beat_at, beats, version } = model.row;
  const { unobserved } = model;
  const nowMs = T0 + atMs;
  return computeUptime({
    closed: model.up.list(),
    open:
      up_since === null || last_beat_at === null
        ? null
        : openSpan(up_since - NOW, last_beat_at - NOW, { beats, version }),
    statuses: model.status.list(),
    limitMs: OVERDUE,
    watch: { nowMs, watchedUntilMs: nowMs, unobserved, overdueAfterMs: OVERDUE },
  });
}
