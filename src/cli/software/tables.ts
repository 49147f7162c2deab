import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { LIGHT_COLUMN, REASON_COLUMN } from '../health/light.ts';
import { type Cell, type Column, renderTable } from '../table.ts';
import { pathOf } from './present.ts';

interface TableOptions {
  nowMs: number;
  width: number | undefined;
}

/** Returns machines as a table. */
export function renderMachines(
  items: readonly MachineItem[],
  { nowMs, width }: TableOptions,
): string {
  const columns: Column<MachineItem>[] = [
    LIGHT_COLUMN,
    {
      header: 'MACHINE',
      value: ({ customer, machine }) => `${customer}/${machine}`,
      isWhole: true,
    },
    {
      header: 'SOFTWARE',
      value: ({ software_count }) => software_count,
      align: 'right',
      isDetail: true,
    },
    {
      header: 'LAST SEEN',
      value: ({ last_seen_at }) => describeAge(last_seen_at, nowMs),
      isWhole: true,
    },
    {
      header: 'FIRST SEEN',
      value: ({ first_seen_at }) => describeAge(first_seen_at, nowMs),
      isDetail: true,
    },
    REASON_COLUMN,
  ];
  return renderTable(columns, items, { width });
}

/** Returns instances as a table. */
export function renderSoftware(items: readonly SoftwareItem[], options: TableOptions): string {
  return renderInstances(items, pathOf, options);
}

/** Returns the instances of one machine, each named by its slug alone. */
export function renderSoftwareOfMachine(
  items: readonly SoftwareItem[],
  options: TableOptions,
): string {
  return renderInstances(items, ({ software }) => software, options);
}

function renderInstances(
  items: readonly SoftwareItem[],
  nameOf: (item: SoftwareItem) => string,
  { nowMs, width }: TableOptions,
): string {
  const details: Column<SoftwareItem>[] = [
    { header: 'VERSION', value: ({ version }) => version },
    { header: 'UP SINCE', value: ({ up_since }) => describeAge(up_since, nowMs) },
    { header: 'ERRORS', value: ({ open_errors }) => open_errors, align: 'right' },
    { header: 'WARNINGS', value: ({ open_warnings }) => open_warnings, align: 'right' },
    { header: 'HOSTNAME', value: ({ hostname }) => hostname },
  ];
  const columns: Column<SoftwareItem>[] = [
    LIGHT_COLUMN,
    { header: 'SOFTWARE', value: nameOf, isWhole: true },
    { header: 'STATUS', value: ({ status }) => status, isDetail: true },
    {
      header: 'HEARTBEAT',
      value: ({ last_beat_at }) => describeAge(last_beat_at, nowMs),
      isWhole: true,
    },
    ...details.map((column) => ({ ...column, isDetail: true })),
    REASON_COLUMN,
  ];
  return renderTable(columns, items, { width });
}

function describeAge(ms: number | null, nowMs: number): Cell {
  return ms === null ? null : formatRelative(ms, nowMs);
}
