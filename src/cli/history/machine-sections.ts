import { WINDOWS } from '../../domain/history/availability.ts';
import type { Uptime } from '../../domain/history/uptime.ts';
import { indentUnder, innerWidth, renderSection } from '../section.ts';
import { type Column, renderTable } from '../table.ts';
import { drawStrip, formatShare } from './availability.ts';
import type { SectionsOptions } from './sections.ts';
import { outageColumns, restartColumns, versionColumns } from './uptime-tables.ts';

/** Returns the sections of when the instances of a machine were up; '' for those without rows. */
export function listUptimeSections(
  uptimes: ReadonlyMap<string, Uptime>,
  { nowMs, width }: SectionsOptions,
): string[] {
  const outages = collect(
    uptimes,
    (uptime) => uptime.outages,
    ({ from }) => from,
  );
  const restarts = collect(
    uptimes,
    (uptime) => uptime.restarts,
    ({ at }) => at,
  );
  const versions = collect(
    uptimes,
    (uptime) => uptime.versions,
    ({ since }) => since,
  );
  const titled = (title: string) => ({ title, width });
  return [
    renderShares(uptimes, width),
    renderSection([SOFTWARE, ...outageColumns(nowMs)], outages, titled('outages')),
    renderSection([SOFTWARE, ...restartColumns(nowMs)], restarts, titled('restarts')),
    renderSection([SOFTWARE, ...versionColumns(nowMs)], versions, titled('versions')),
  ];
}

interface OfSoftware {
  software: string;
}

const SOFTWARE: Column<OfSoftware> = { header: 'SOFTWARE', value: ({ software }) => software };

/** All instances, because they are as many as those in the table of their states. */
function renderShares(uptimes: ReadonlyMap<string, Uptime>, width: number | undefined): string {
  const rows = [...uptimes].map(([software, { availability }]) => ({ software, availability }));
  if (rows.length === 0) return '';
  const columns: Column<(typeof rows)[0]>[] = [
    SOFTWARE,
    ...WINDOWS.map(({ name }, at) => ({
      header: name.toUpperCase(),
      value: ({ availability }: (typeof rows)[0]) =>
        formatShare(availability[at]?.availability ?? null),
      align: 'right' as const,
    })),
    {
      header: `LAST ${WINDOWS[0].name.toUpperCase()}`,
      value: ({ availability }) => drawStrip(availability[0]?.strip ?? []),
      isWhole: true,
    },
  ];
  const table = renderTable(columns, rows, { width: innerWidth(width) });
  return indentUnder('availability', table);
}

/** What happened to any of the instances, newest first. */
function collect<Entry>(
  uptimes: ReadonlyMap<string, Uptime>,
  list: (uptime: Uptime) => readonly Entry[],
  atOf: (entry: Entry) => number,
): (Entry & OfSoftware)[] {
  return [...uptimes]
    .flatMap(([software, uptime]) => list(uptime).map((entry) => ({ ...entry, software })))
    .sort((one, two) => atOf(two) - atOf(one));
}
