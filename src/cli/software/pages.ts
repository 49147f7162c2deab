import type { InstanceHistory } from '../../db/history/instance.ts';
import type { SoftwareItem } from '../../db/software.ts';
import { printable } from '../../domain/text/printable.ts';
import { formatDuration } from '../../domain/time/duration.ts';
import { listHealth } from '../health/light.ts';
import { listUptimeSections } from '../history/machine-sections.ts';
import type { MachineShown } from '../history/present.ts';
import { listHistorySections, type SectionsOptions } from '../history/sections.ts';
import { indentUnder, joinSections } from '../section.ts';
import { type Field, renderFields } from '../table.ts';
import { formatDurationKnown, formatWhen, formatWhenKnown } from '../time.ts';
import { describeMachineLimit, describeSoftwareLimit } from './limits.ts';
import { pathOf } from './present.ts';
import { renderSoftwareOfMachine } from './tables.ts';

/** From here on the clock of a device misleads whoever compares its log with ours. */
const NOTABLE_SKEW_MS = 60_000;

/** Returns everything about a machine and its instances for people. */
export function renderMachine(
  { machine, software, uptimes }: MachineShown,
  options: SectionsOptions,
): string {
  const { nowMs } = options;
  const fields: Field[] = [
    ['machine', `${machine.customer}/${machine.machine}`],
    ...listHealth(machine.health, nowMs),
    ['overdue after', describeMachineLimit(machine)],
    ['first seen', formatWhen(machine.first_seen_at, nowMs)],
    ['last seen', formatWhenKnown(machine.last_seen_at, nowMs)],
    ['software', machine.software_count],
    ...listSkews(software),
  ];
  const table = software.length === 0 ? '' : renderSoftwareOfMachine(software, options);
  return joinSections([
    renderFields(fields, options),
    table,
    ...listUptimeSections(uptimes, options),
  ]);
}

/** Returns everything about an instance for people. */
export function renderInstance(
  item: SoftwareItem,
  history: InstanceHistory,
  options: SectionsOptions,
): string {
  const state = renderFields(listState(item, options.nowMs), options);
  const sections = listHistorySections(history, options);
  const host = renderFields(listHost(item), options);
  return joinSections([state, ...sections, host, renderSnapshot(item.snapshot)]);
}

/** Only what misleads: the instances whose clocks are off. */
function listSkews(software: readonly SoftwareItem[]): Field[] {
  return software.flatMap(({ software: name, clock_skew_ms: skewMs }): Field[] =>
    skewMs === null || isRight(skewMs) ? [] : [['clock', `${name}: ${describeSkew(skewMs)}`]],
  );
}

function listState(item: SoftwareItem, nowMs: number): Field[] {
  return [
    ['software', pathOf(item)],
    ...listHealth(item.health, nowMs),
    ['overdue after', describeSoftwareLimit(item)],
    ['status', item.status],
    ['status message', item.status_message],
    ['status since', formatWhenKnown(item.status_since, nowMs)],
    ['version', item.version],
    ['open errors', describeErrors(item)],
    ['open warnings', item.open_warnings],
    ['up since', formatWhenKnown(item.up_since, nowMs)],
    ['last heartbeat', formatWhenKnown(item.last_beat_at, nowMs)],
    ['first seen', formatWhen(item.first_seen_at, nowMs)],
    ['last seen', formatWhen(item.last_seen_at, nowMs)],
    ['two senders', formatWhenKnown(item.two_senders_at, nowMs)],
  ];
}

function listHost(item: SoftwareItem): Field[] {
  const { uptime_seconds, clock_skew_ms, ips } = item;
  return [
    ['uptime', formatDurationKnown(uptime_seconds === null ? null : uptime_seconds * 1000)],
    ['pid', item.pid],
    ['hostname', item.hostname],
    ['addresses', ips === null ? null : ips.join(', ')],
    ['os', item.os],
    ['clock', clock_skew_ms === null ? null : describeSkew(clock_skew_ms)],
  ];
}

function describeErrors({ open_errors, acknowledged_errors }: SoftwareItem): string {
  return acknowledged_errors === 0
    ? String(open_errors)
    : `${open_errors} (${acknowledged_errors} acknowledged)`;
}

function describeSkew(skewMs: number): string {
  if (isRight(skewMs)) return 'right';
  return `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'behind'}`;
}

function isRight(skewMs: number): boolean {
  return Math.abs(skewMs) < NOTABLE_SKEW_MS;
}

function renderSnapshot(snapshot: SoftwareItem['snapshot']): string {
  if (snapshot === null) return '';
  const lines = JSON.stringify(snapshot, null, 2).split('\n');
  return indentUnder('snapshot', lines.map((line) => printable(line)).join('\n'));
}
