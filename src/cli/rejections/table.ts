import type { RejectionEntry } from '../../db/rejections/entries.ts';
import { printable } from '../../domain/text/printable.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { paint } from '../colour.ts';
import { type Column, renderTable } from '../table.ts';
import { formatLocal, formatWhen } from '../time.ts';
import { describeNextStep, describeTarget } from './present.ts';

/** Below this the exact time would leave no room for what was refused. */
const ROOM_FOR_TIME = 160;

/** Returns the rejections as a table; `width` is that of the terminal. */
export function renderRejections(
  entries: readonly RejectionEntry[],
  { nowMs, width }: { nowMs: number; width: number | undefined },
): string {
  const isNarrow = width !== undefined && width < ROOM_FOR_TIME;
  const describeTime = isNarrow ? formatRelative : formatWhen;
  const columns: Column<RejectionEntry>[] = [
    { header: 'WHEN', value: ({ last_at }) => describeTime(last_at, nowMs) },
    { header: 'COUNT', value: ({ count }) => count, align: 'right', isDetail: true },
    { header: 'REASON', value: ({ reason }) => reason, paint: paintReason, isWhole: true },
    { header: 'PATH', value: describeTarget, needs: 24 },
    { header: 'ADDRESS', value: ({ address }) => address, isDetail: true },
    { header: 'ID', value: ({ id }) => id, isWhole: true },
    { header: 'NEXT', value: describeNextStep },
  ];
  return renderTable(columns, entries, { width });
}

/** Returns one rejection as a line of `tail`, which is never cut: it can be searched. */
export function renderLine(entry: RejectionEntry): string {
  const { last_at, count, address, reason } = entry;
  const cells = [
    formatLocal(last_at),
    `×${count}`,
    paintReason(reason, entry),
    printable(describeTarget(entry)),
    printable(address),
    entry.id,
    printable(describeNextStep(entry)),
  ];
  return cells.join('  ');
}

function paintReason(cell: string, { solved }: RejectionEntry): string {
  return paint(solved ? 'dim' : 'yellow', cell);
}
