import type { InstanceHistory } from '../../db/history/instance.ts';
import type { StatusEntry } from '../../db/history/statuses.ts';
import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import type { UpSpan } from '../../domain/history/spans.ts';
import type { Uptime } from '../../domain/history/uptime.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import { toDiagnosticJson } from '../diagnostics/present.ts';
import type { HistoryJson, UptimeJson } from '../schemas/history.ts';
import type { MachineShownJson } from '../schemas/software.ts';
import { toMachineJson, toSoftwareJson } from '../software/present.ts';
import { toInstant } from '../time.ts';

/** A machine, its instances and when each of them was up, by its slug. */
export interface MachineShown {
  machine: MachineItem;
  software: readonly SoftwareItem[];
  uptimes: ReadonlyMap<string, Uptime>;
}

/** Returns the machine as JSON shows it; without an instance that registered while it was read. */
export function toMachineShownJson({ machine, software, uptimes }: MachineShown): MachineShownJson {
  return {
    ...toMachineJson(machine),
    software: software.flatMap((item) => {
      const uptime = uptimes.get(item.software);
      return uptime ? [{ ...toSoftwareJson(item), ...toUptimeJson(uptime) }] : [];
    }),
  };
}

/** Returns the history of an instance as JSON shows it. */
export function toHistoryJson(history: InstanceHistory): HistoryJson {
  return {
    ...toUptimeJson(history),
    up_episodes: history.episodes.map(toEpisodeJson),
    statuses: history.statuses.map(toStatusJson),
    diagnostics: history.diagnostics.map(toDiagnosticJson),
    closed_diagnostics: history.closed_diagnostics.map(toDiagnosticJson),
  };
}

/** Returns when an instance was up as JSON shows it. */
export function toUptimeJson({ availability, outages, restarts, versions }: Uptime): UptimeJson {
  return {
    availability: availability.map((each) => ({
      ...each,
      from: formatInstant(each.from),
      to: formatInstant(each.to),
    })),
    outages: outages.map((each) => ({
      ...each,
      from: formatInstant(each.from),
      to: toInstant(each.to),
    })),
    restarts: restarts.map((each) => ({ ...each, at: formatInstant(each.at) })),
    versions: versions.map((each) => ({
      ...each,
      since: formatInstant(each.since),
      until: toInstant(each.until),
    })),
  };
}

function toEpisodeJson({
  started_at,
  ended_at,
  ...episode
}: UpSpan): HistoryJson['up_episodes'][0] {
  return {
    started_at: formatInstant(started_at),
    ended_at: episode.ended_by === null ? null : formatInstant(ended_at),
    last_heartbeat_at: formatInstant(ended_at),
    ...episode,
  };
}

function toStatusJson(entry: StatusEntry): HistoryJson['statuses'][0] {
  return {
    ...entry,
    since: formatInstant(entry.since),
    until: toInstant(entry.until),
    last_at: formatInstant(entry.last_at),
  };
}
