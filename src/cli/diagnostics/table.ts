import type { DiagnosticEntry } from '../../db/diagnostics/entries.ts';
import { nameSeverity } from '../../domain/diagnostics/severity.ts';
import { nameDiagnostic } from '../../domain/diagnostics/target.ts';
import { printable } from '../../domain/text/printable.ts';
import { formatRelative } from '../../domain/time/instant.ts';
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
  return renderTable([...NAME_COLUMNS, PATH_COLUMN, ...stateColumns(nowMs)], entries, { width });
}

/** Returns the columns of the diagnostics of one instance. */
export function instanceColumns(nowMs: number): Column<DiagnosticEntry>[] {
  return [...NAME_COLUMNS, ...stateColumns(nowMs)];
}

const NAME_COLUMNS: readonly Column<DiagnosticEntry>[] = [
  {
    header: 'SEVERITY',
    value: ({ severity }) => nameSeverity(severity),
    paint: paintSeverity,
    isWhole: true,
  },
  { header: 'CODE', value: ({ code }) => code, isWhole: true, align: 'right' },
  { header: 'MODULE', value: ({ module }) => module, isDetail: true },
];

const PATH_COLUMN: Column<DiagnosticEntry> = { header: 'PATH', value: pathOf, isWhole: true };

function stateColumns(nowMs: number): Column<DiagnosticEntry>[] {
  return [
    { header: 'SINCE', value: ({ opened_at }) => formatRelative(opened_at, nowMs) },
    { header: 'LAST', value: ({ last_at }) => formatRelative(last_at, nowMs), isDetail: true },
    { header: 'COUNT', value: ({ count }) => count, align: 'right', isDetail: true },
    { header: 'STATE', value: (entry) => describeStateWhen(entry, nowMs) },
    { header: 'MESSAGE', value: ({ message }) => message, needs: 30 },
    { header: 'NOTE', value: ({ note }) => note, isDetail: true },
  ];
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

const CLOSED_BY: Readonly<Record<string, string>> = {
  device: 'by the device',
  severity: 'its severity changed',
  expiry: 'not repeated',
  operator: 'by an operator',
};

function describeStateWhen(entry: DiagnosticEntry, nowMs: number): string | null {
  const { closed_at, closed_by } = entry;
  if (closed_at === null) return describeState(entry);
  return `closed ${formatRelative(closed_at, nowMs)}, ${CLOSED_BY[closed_by ?? ''] ?? closed_by}`;
}

const COLOURS = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** What nobody has to care about any more is dim. */
function paintSeverity(cell: string, { severity, closed_at, acknowledged_at }: DiagnosticEntry) {
  const isSettled = closed_at !== null || acknowledged_at !== null;
  return paint(isSettled ? 'dim' : COLOURS[nameSeverity(severity)], cell);
}
