import { formatDuration } from '../../domain/duration.ts';
import type { Cell as StripCell, WindowAvailability } from '../../domain/history/availability.ts';
import { indentUnder } from '../section.ts';
import { type Column, renderTable } from '../table.ts';

/** Told apart by their height, so that they need no colour. */
const MARKS: Readonly<Record<StripCell, string>> = {
  up: '█',
  partly: '▄',
  down: '▁',
  not_observed: '░',
  before_first_heartbeat: '·',
};

const MEANINGS: Readonly<Record<StripCell, string>> = {
  up: 'up',
  partly: 'partly',
  down: 'down',
  not_observed: 'not observed',
  before_first_heartbeat: 'before the first heartbeat',
};

const COLUMNS: Column<WindowAvailability>[] = [
  { header: 'WINDOW', value: ({ window }) => window },
  { header: 'UP', value: ({ availability }) => formatShare(availability), align: 'right' },
  { header: 'DOWN', value: describeDown, align: 'right' },
  { header: 'OUTAGES', value: ({ outages }) => outages, align: 'right' },
  { header: 'RESTARTS', value: ({ restarts }) => restarts, align: 'right' },
  { header: 'UNTIL NOW', value: ({ strip }) => drawStrip(strip), isWhole: true },
];

/** Returns the windows with their strips, and what the marks in them mean. */
export function renderAvailability(
  windows: readonly WindowAvailability[],
  width: number | undefined,
): string {
  const inner = width === undefined ? undefined : width - 2;
  const marks = new Set(windows.flatMap(({ strip }) => strip));
  const legend = Object.entries(MEANINGS).flatMap(([cell, meaning]) =>
    marks.has(cell as StripCell) ? `${MARKS[cell as StripCell]} ${meaning}` : [],
  );
  return indentUnder(
    'availability',
    `${renderTable(COLUMNS, windows, { width: inner })}\n${legend.join('   ')}`,
  );
}

/** Returns a share as a percentage, rounded down, so that only what was never down shows 100 %. */
export function formatShare(share: number | null): string | null {
  if (share === null) return null;
  if (share === 1) return '100 %';
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

function describeDown({ observed_ms, up_ms, availability }: WindowAvailability): string | null {
  return availability === null ? null : formatDuration(observed_ms - up_ms);
}

/** Returns a strip as one mark a cell. */
export function drawStrip(strip: readonly StripCell[]): string {
  return strip.map((cell) => MARKS[cell]).join('');
}
