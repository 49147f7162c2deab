import type { MachineItem } from '../../db/machines.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { formatRelative } from '../../domain/instant.ts';
import { LIGHT_COLUMN, REASON_COLUMN } from '../health/light.ts';
import { type Cell, type Column, renderTable } from '../table.ts';
import { pathOf } from './present.ts';

interface TableOptions {
  nowMs: number;
  width: number | undefined;
}

/** On a terminal that is narrower only what says how something is has room. */
const ROOM_FOR_ALL = 140;

/** Returns machines as a table. */
export function renderMachines(items: readonly MachineItem[], options: TableOptions): string {
  const { nowMs } = options;
  const columns: Column<MachineItem>[] = [
    LIGHT_COLUMN,
    {
      header: 'MACHINE',
      value: ({ customer, machine }) => `${customer}/${machine}`,
      isWhole: true,
    },
    { header: 'SOFTWARE', value: ({ software_count }) => software_count, align: 'right' },
    { header: 'LAST SEEN', value: ({ last_seen_at }) => describeAge(last_seen_at, nowMs) },
  ];
  const details: Column<MachineItem>[] = [
    { header: 'FIRST SEEN', value: ({ first_seen_at }) => describeAge(first_seen_at, nowMs) },
  ];
  const shown = isNarrow(options) ? columns : [...columns, ...details];
  return renderTable([...shown, REASON_COLUMN], items, options);
}

/** Returns instances as a table. */
export function renderSoftware(items: readonly SoftwareItem[], options: TableOptions): string {
  const { nowMs } = options;
  const columns: Column<SoftwareItem>[] = [
    LIGHT_COLUMN,
    { header: 'SOFTWARE', value: pathOf, isWhole: true },
    { header: 'STATUS', value: ({ status }) => status },
    { header: 'HEARTBEAT', value: ({ last_beat_at }) => describeAge(last_beat_at, nowMs) },
  ];
  const details: Column<SoftwareItem>[] = [
    { header: 'VERSION', value: ({ version }) => version },
    { header: 'UP SINCE', value: ({ up_since }) => describeAge(up_since, nowMs) },
    { header: 'ERRORS', value: ({ open_errors }) => open_errors, align: 'right' },
    { header: 'WARNINGS', value: ({ open_warnings }) => open_warnings, align: 'right' },
    { header: 'HOSTNAME', value: ({ hostname }) => hostname },
  ];
  const shown = isNarrow(options) ? columns : [...columns, ...details];
  return renderTable([...shown, REASON_COLUMN], items, options);
}

function isNarrow({ width }: TableOptions): boolean {
  return width !== undefined && width < ROOM_FOR_ALL;
}

function describeAge(ms: number | null, nowMs: number): Cell {
  return ms === null ? null : formatRelative(ms, nowMs);
}
