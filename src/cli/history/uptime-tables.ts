import type { Restart, VersionSpan } from '../../domain/history/changes.ts';
import type { Outage } from '../../domain/history/outages.ts';
import type { UpSpan } from '../../domain/history/spans.ts';
import { formatDuration } from '../../domain/time/duration.ts';
import type { Column } from '../table.ts';
import { formatWhen } from '../time.ts';

/** The columns of outages. */
export function outageColumns(nowMs: number): Column<Outage>[] {
  return [
    { header: 'FROM', value: ({ from }) => formatWhen(from, nowMs), isWhole: true },
    { header: 'LASTED', value: ({ duration_ms }) => formatDuration(duration_ms), isWhole: true },
    { header: 'NOTE', value: describeOutage },
  ];
}

/** The columns of restarts. */
export function restartColumns(nowMs: number): Column<Restart>[] {
  return [
    { header: 'AT', value: ({ at }) => formatWhen(at, nowMs), isWhole: true },
    { header: 'SILENT BEFORE', value: ({ silence_ms }) => formatDuration(silence_ms) },
  ];
}

/** The columns of versions. */
export function versionColumns(nowMs: number): Column<VersionSpan>[] {
  return [
    { header: 'SINCE', value: ({ since }) => formatWhen(since, nowMs), isWhole: true },
    {
      header: 'RAN FOR',
      value: ({ since, until }) => formatDuration((until ?? nowMs) - since),
      isWhole: true,
    },
    { header: 'VERSION', value: ({ version }) => version },
  ];
}

/** The columns of rows that flapping merged: their gaps are known as a sum only. */
export function flappingColumns(nowMs: number): Column<UpSpan>[] {
  return [
    { header: 'FROM', value: ({ started_at }) => formatWhen(started_at, nowMs), isWhole: true },
    { header: 'WITHIN', value: (row) => formatDuration(row.ended_at - row.started_at) },
    { header: 'UP', value: ({ up_ms }) => formatDuration(up_ms) },
    { header: 'EPISODES', value: ({ episodes }) => episodes, align: 'right' },
  ];
}

function describeOutage({ from, to, duration_ms, stopped }: Outage): string | null {
  const notes = [
    ...(stopped ? ['stopped'] : []),
    ...(to === null ? ['goes on'] : []),
    ...(to !== null && to - from > duration_ms ? ['not all observed'] : []),
  ];
  return notes.length === 0 ? null : notes.join(', ');
}
