import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatRelative } from '../../domain/instant.ts';
import { type Cell, type Column, renderTable } from '../table.ts';
import { pathOf } from './present.ts';

interface TableOptions {
  nowMs: number;
  width: number | undefined;
}

/** Returns machines as a table. */
export function renderMachines(items: readonly MachineItem[], options: TableOptions): string {
  const { nowMs } = options;
  const columns: Column<MachineItem>[] = [
    {
      header: 'MACHINE',
      value: ({ customer, machine }) => `${customer}/${machine}`,
      isWhole: true,
    },
    { header: 'SOFTWARE', value: ({ software_count }) => software_count, align: 'right' },
    { header: 'LAST SEEN', value: ({ last_seen_at }) => describeAge(last_seen_at, nowMs) },
    { header: 'FIRST SEEN', value: ({ first_seen_at }) => describeAge(first_seen_at, nowMs) },
  ];
  return renderTable(columns, items, options);
}

/** Returns instances as a table. */
export function renderSoftware(items: readonly SoftwareItem[], options: TableOptions): string {
  const { nowMs } = options;
  const columns: Column<SoftwareItem>[] = [
    { header: 'SOFTWARE', value: pathOf, isWhole: true },
    { header: 'STATUS', value: ({ status }) => status },
    { header: 'VERSION', value: ({ version }) => version },
    { header: 'UP SINCE', value: ({ up_since }) => describeAge(up_since, nowMs) },
    { header: 'HEARTBEAT', value: (item) => describeAge(item.last_heartbeat_at, nowMs) },
    { header: 'ERRORS', value: ({ open_errors }) => open_errors, align: 'right' },
    { header: 'WARNINGS', value: ({ open_warnings }) => open_warnings, align: 'right' },
    { header: 'HOSTNAME', value: ({ hostname }) => hostname },
  ];
  return renderTable(columns, items, options);
}

function describeAge(ms: number | null, nowMs: number): Cell {
  return ms === null ? null : formatRelative(ms, nowMs);
}
