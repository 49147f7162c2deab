import {
  CELLS,
  type Cell as StripCell,
  type WindowAvailability,
} from '../../domain/history/availability.ts';
import { formatDuration } from '../../domain/time/duration.ts';
import { indentUnder, innerWidth } from '../section.ts';
import { type Column, renderTable } from '../table.ts';

/** Told apart by their height, so that they need no colour. */
const MARKS: Readonly<Record<StripCell, { mark: string; meaning: string }>> = {
  up: { mark: '█', meaning: 'up' },
  partly: { mark: '▄', meaning: 'partly' },
  down: { mark: '▁', meaning: 'down' },
  not_observed: { mark: '░', meaning: 'not observed' },
  before_first_heartbeat: { mark: '·', meaning: 'before the first heartbeat' },
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
  const table = renderTable(COLUMNS, windows, { width: innerWidth(width) });
  const used = new Set(windows.flatMap(({ strip }) => strip));
  const legend = CELLS.filter((cell) => used.has(cell)).map((cell) => {
    const { mark, meaning } = MARKS[cell];
    return `${mark} ${meaning}`;
  });
  return indentUnder('availability', `${table}\n${legend.join('   ')}`);
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
  return strip.map((cell) => MARKS[cell].mark).join('');
}
