import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { MachineJson, SoftwareJson } from '../schemas/software.ts';
import { toInstant } from '../time.ts';

/** Returns the machine as JSON shows it. */
export function toMachineJson(item: MachineItem): MachineJson {
  return {
    ...item,
    first_seen_at: formatInstant(item.first_seen_at),
    last_seen_at: toInstant(item.last_seen_at),
  };
}

/** Returns the instance as JSON shows it. */
export function toSoftwareJson(item: SoftwareItem): SoftwareJson {
  return {
    ...item,
    up_since: toInstant(item.up_since),
    last_heartbeat_at: toInstant(item.last_heartbeat_at),
    status_since: toInstant(item.status_since),
    two_senders_at: toInstant(item.two_senders_at),
    first_seen_at: formatInstant(item.first_seen_at),
    last_seen_at: formatInstant(item.last_seen_at),
  };
}

type SoftwarePath = Pick<SoftwareItem, 'customer' | 'machine' | 'software'>;

/** Returns the path of an instance. */
export function pathOf({ customer, machine, software }: SoftwarePath): string {
  return `${customer}/${machine}/${software}`;
}
