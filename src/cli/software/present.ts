import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import { toHealthJson } from '../health/present.ts';
import type { MachineJson, SoftwareJson } from '../schemas/software.ts';
import { toInstant } from '../time.ts';

/** Returns the machine as JSON shows it. */
export function toMachineJson(item: MachineItem): MachineJson {
  const { customer, machine, health, software_count } = item;
  return {
    ...{ customer, machine },
    ...toHealthJson(health),
    software_count,
    first_seen_at: formatInstant(item.first_seen_at),
    last_seen_at: toInstant(item.last_seen_at),
    ...toLimitsJson(item),
  };
}

/** Returns the instance as JSON shows it. */
export function toSoftwareJson(item: SoftwareItem): SoftwareJson {
  const { customer, machine, software, health, version, uptime_seconds, pid, ips } = item;
  const { hostname, os, clock_skew_ms, status, status_message, snapshot } = item;
  const { open_errors, acknowledged_errors, open_warnings } = item;
  return {
    ...{ customer, machine, software },
    ...toHealthJson(health),
    ...{ version, uptime_seconds, pid, ips, hostname, os },
    up_since: toInstant(item.up_since),
    last_heartbeat_at: toInstant(item.last_beat_at),
    ...{ clock_skew_ms, status, status_message },
    status_since: toInstant(item.status_since),
    snapshot,
    ...{ open_errors, acknowledged_errors, open_warnings },
    two_senders_at: toInstant(item.two_senders_at),
    first_seen_at: formatInstant(item.first_seen_at),
    last_seen_at: formatInstant(item.last_seen_at),
    ...toLimitsJson(item),
  };
}

type Limits = Pick<SoftwareItem, 'overdue_after_ms' | 'effective_overdue_after_ms'>;

function toLimitsJson({ overdue_after_ms, effective_overdue_after_ms }: Limits) {
  return {
    overdue_after_seconds: overdue_after_ms === null ? null : overdue_after_ms / 1000,
    effective_overdue_after_seconds: effective_overdue_after_ms / 1000,
  };
}

type SoftwarePath = Pick<SoftwareItem, 'customer' | 'machine' | 'software'>;

/** Returns the path of an instance. */
export function pathOf({ customer, machine, software }: SoftwarePath): string {
  return `${customer}/${machine}/${software}`;
}
