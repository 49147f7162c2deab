import type { DiagnosticEntry } from '../../db/diagnostics/entries.ts';
import { nameDiagnostic } from '../../domain/diagnostic-target.ts';
import { formatRelative } from '../../domain/instant.ts';
import { printable } from '../../domain/printable.ts';
import { nameSeverity } from '../../domain/severity.ts';
import { paint } from '../colour.ts';
import { pathOf } from '../software/present.ts';
import { ABSENT, type Column, renderTable } from '../table.ts';
import { formatLocal } from '../time.ts';
import { describeState } from './present.ts';

/** Returns the diagnostics as a table; `width` is that of the terminal. */
export function renderDiagnostics(
  entries: readonly DiagnosticEntry[],
  { nowMs, width }: { nowMs: number; width: number | undefined },
): string {
  const columns: Column<DiagnosticEntry>[] = [
    {
      header: 'SEVERITY',
      value: ({ severity }) => nameSeverity(severity),
      paint: paintSeverity,
      isWhole: true,
    },
    { header: 'CODE', value: ({ code }) => code, isWhole: true, align: 'right' },
    { header: 'MODULE', value: ({ module }) => module },
    { header: 'PATH', value: pathOf, isWhole: true },
    { header: 'SINCE', value: ({ opened_at }) => formatRelative(opened_at, nowMs) },
    { header: 'LAST', value: ({ last_at }) => formatRelative(last_at, nowMs) },
    { header: 'COUNT', value: ({ count }) => count, align: 'right' },
    { header: 'STATE', value: (entry) => describeStateWhen(entry, nowMs) },
    { header: 'MESSAGE', value: ({ message }) => message },
    { header: 'NOTE', value: ({ note }) => note },
  ];
  return renderTable(columns, entries, { width });
}

/** Returns one diagnostic as a line of `tail`, which is never cut: it can be searched. */
export function renderLine(entry: DiagnosticEntry): string {
  const { closed_at, last_at, severity, count, message, note } = entry;
  const cells = [
    formatLocal(closed_at ?? last_at),
    paintSeverity(nameSeverity(severity), entry),
    printable(describeState(entry) ?? ABSENT),
    printable(nameDiagnostic(entry)),
    pathOf(entry),
    `×${count}`,
    printable(message),
    ...(note === null ? [] : [`[${printable(note)}]`]),
  ];
  return cells.join('  ');
}

function describeStateWhen(entry: DiagnosticEntry, nowMs: number): string | null {
  const { closed_at } = entry;
  return closed_at === null ? describeState(entry) : `closed ${formatRelative(closed_at, nowMs)}`;
}

const COLOURS = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** What nobody has to care about any more is dim. */
function paintSeverity(cell: string, { severity, closed_at, acknowledged_at }: DiagnosticEntry) {
  const isSettled = closed_at !== null || acknowledged_at !== null;
  return paint(isSettled ? 'dim' : COLOURS[nameSeverity(severity)], cell);
}
