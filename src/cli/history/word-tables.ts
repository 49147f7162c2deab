/** Tables of what a device itself said: statuses and diagnostics. */
import type { DiagnosticEntry } from '../../db/history/diagnostics.ts';
import type { StatusEntry } from '../../db/history/statuses.ts';
import { formatDuration } from '../../domain/duration.ts';
import { formatRelative } from '../../domain/instant.ts';
import type { Column } from '../table.ts';
import { formatWhen } from '../time.ts';

const SEVERITIES = ['info', 'warning', 'error'] as const;

/** The columns of status episodes. */
export function statusColumns(nowMs: number): Column<StatusEntry>[] {
  return [
    { header: 'SINCE', value: ({ since }) => formatWhen(since, nowMs), isWhole: true },
    { header: 'LASTED', value: (entry) => describeLength(entry, nowMs), isWhole: true },
    { header: 'STATUS', value: ({ status }) => status },
    { header: 'MESSAGE', value: ({ message }) => message },
  ];
}

/** The columns of diagnostics; when they opened is left to JSON where it must be exact. */
export function diagnosticColumns(nowMs: number): Column<DiagnosticEntry>[] {
  return [
    { header: 'SEVERITY', value: ({ severity }) => SEVERITIES[severity] ?? severity },
    { header: 'CODE', value: ({ code }) => code, align: 'right' },
    { header: 'MODULE', value: ({ module }) => module },
    { header: 'OPENED', value: ({ opened_at }) => formatRelative(opened_at, nowMs) },
    { header: 'COUNT', value: ({ count }) => count, align: 'right' },
    { header: 'ACK', value: ({ acknowledged_by }) => acknowledged_by },
    { header: 'MESSAGE', value: ({ message }) => message },
  ];
}

/** The columns of closed diagnostics. */
export function closedColumns(nowMs: number): Column<DiagnosticEntry>[] {
  const closed: Column<DiagnosticEntry>[] = [
    { header: 'CLOSED', value: ({ closed_at }) => formatRelative(closed_at ?? nowMs, nowMs) },
    { header: 'BY', value: ({ closed_by }) => closed_by },
  ];
  return diagnosticColumns(nowMs).flatMap((column) =>
    column.header === 'ACK' ? closed : [column],
  );
}

/** A word that contradicts one that held on is a point in time. */
function describeLength({ since, until }: StatusEntry, nowMs: number): string | null {
  return until === since ? null : formatDuration((until ?? nowMs) - since);
}
