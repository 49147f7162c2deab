import type { InstanceHistory } from '../../db/history/instance.ts';
import { instanceColumns } from '../diagnostics/table.ts';
import { renderSection } from '../section.ts';
import { renderAvailability } from './availability.ts';
import { statusColumns } from './status-table.ts';
import { flappingColumns, outageColumns, restartColumns, versionColumns } from './uptime-tables.ts';

export interface SectionsOptions {
  nowMs: number;
  width: number | undefined;
}

/** Returns the sections of what is known of an instance over time; '' for those without rows. */
export function listHistorySections(
  history: InstanceHistory,
  { nowMs, width }: SectionsOptions,
): string[] {
  const { outages, restarts, versions, episodes, statuses } = history;
  const flapping = episodes.filter((each) => each.episodes > 1);
  const diagnostics = instanceColumns(nowMs);
  const titled = (title: string) => ({ title, width });
  return [
    renderSection(diagnostics, history.diagnostics, titled('open diagnostics')),
    renderAvailability(history.availability, width),
    renderSection(outageColumns(nowMs), outages, titled('outages')),
    renderSection(restartColumns(nowMs), restarts, titled('restarts')),
    renderSection(flappingColumns(nowMs), flapping, titled('flapping')),
    renderSection(versionColumns(nowMs), versions, titled('versions')),
    renderSection(statusColumns(nowMs), statuses, titled('statuses')),
    renderSection(diagnostics, history.closed_diagnostics, titled('closed diagnostics')),
  ];
}
