import type { StatusEntry } from '../../db/history/statuses.ts';
import { formatDuration } from '../../domain/time/duration.ts';
import type { Column } from '../table.ts';
import { formatWhen } from '../time.ts';

/** The columns of status episodes. */
export function statusColumns(nowMs: number): Column<StatusEntry>[] {
  return [
    { header: 'SINCE', value: ({ since }) => formatWhen(since, nowMs), isWhole: true },
    { header: 'LASTED', value: (entry) => describeLength(entry, nowMs), isWhole: true },
    { header: 'STATUS', value: ({ status }) => status },
    { header: 'MESSAGE', value: ({ message }) => message },
  ];
}

/** A word that contradicts one that held on is a point in time. */
function describeLength({ since, until }: StatusEntry, nowMs: number): string | null {
  return until === since ? null : formatDuration((until ?? nowMs) - since);
}
