/** When an instance was up, and when not: a pure function of its up episodes and of who listened. */
import type { Watch } from '../health/watch.ts';
import type { Interval } from '../time/observed.ts';
import { measureWindows, type WindowAvailability } from './availability.ts';
import { listRestarts, listVersions, type Restart, type VersionSpan } from './changes.ts';
import { findOutages, type Outage, type StatusSpan } from './outages.ts';
import { orderSpans, type UpSpan, type UpSpans } from './spans.ts';

export interface UptimeInput extends UpSpans {
  /** Those that say `stopped`, and others, in whatever order. */
  statuses: readonly StatusSpan[];
  /** The overdue limit. */
  limitMs: number;
  watch: Watch;
}

/** Each list newest first. */
export interface Uptime {
  availability: WindowAvailability[];
  outages: Outage[];
  restarts: Restart[];
  versions: VersionSpan[];
  episodes: UpSpan[];
}

/** Returns what follows from the up episodes of an instance. */
export function computeUptime({ statuses, limitMs, watch, ...episodes }: UptimeInput): Uptime {
  const { nowMs } = watch;
  const unobserved = listUnobservedUntilNow(watch);
  const spans = orderSpans(episodes, nowMs);
  const outages = findOutages(spans, { limitMs, statuses, nowMs, unobserved });
  const restarts = listRestarts(spans);
  return {
    availability: measureWindows({ spans, outages, restarts, limitMs, nowMs, unobserved }),
    outages: outages.map(({ stretches: _, ...outage }) => outage).toReversed(),
    restarts: restarts.toReversed(),
    versions: listVersions(spans).toReversed(),
    episodes: spans.toReversed(),
  };
}

/** Nobody knows of the time since the last server stopped, or of any time where none ever ran. */
function listUnobservedUntilNow({ nowMs, watchedUntilMs, unobserved }: Watch): Interval[] {
  const started_at = watchedUntilMs ?? Number.NEGATIVE_INFINITY;
  if (started_at >= nowMs) return [...unobserved];
  const all = [...unobserved, { started_at, ended_at: nowMs }];
  return all.sort((one, two) => one.started_at - two.started_at);
}
