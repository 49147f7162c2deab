import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatDuration } from '../../domain/time/duration.ts';

/** Returns the overdue limit of a machine's software, and who has set it: `10 m (its own)`. */
export function describeMachineLimit(item: MachineItem): string {
  const { overdue_after_ms, customer_overdue_after_ms } = item;
  return describe(item.effective_overdue_after_ms, [
    ['its own', overdue_after_ms],
    ['of the customer', customer_overdue_after_ms],
  ]);
}

/** Returns the overdue limit of an instance, and who has set it: `10 m (of the machine)`. */
export function describeSoftwareLimit(item: SoftwareItem): string {
  const { overdue_after_ms, machine_overdue_after_ms, customer_overdue_after_ms } = item;
  return describe(item.effective_overdue_after_ms, [
    ['its own', overdue_after_ms],
    ['of the machine', machine_overdue_after_ms],
    ['of the customer', customer_overdue_after_ms],
  ]);
}

function describe(limitMs: number, owners: readonly [name: string, limitMs: number | null][]) {
  const [owner] = owners.find(([, set]) => set !== null) ?? ['default of the server'];
  return `${formatDuration(limitMs)} (${owner})`;
}
