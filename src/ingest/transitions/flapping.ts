import type { Instance } from '../../db/schema.ts';
import type { EpisodeKind } from './state.ts';

export const FLAPPING_WINDOW_MS = 3_600_000;
export const FLAPPING_CLOSINGS = 20;

const COLUMNS = {
  up: ['up_window_at', 'up_closings'],
  status: ['status_window_at', 'status_closings'],
  diagnostic: ['diagnostic_window_at', 'diagnostic_closings'],
} as const satisfies Record<EpisodeKind, readonly [keyof Instance, keyof Instance]>;

/**
 * Counts a closed episode. Above 20 of one kind in an hour the instance flaps: `foldFrom` is then
 * the start of the hour whose history rows are to be merged into one.
 */
export function countClosing(
  row: Instance,
  kind: EpisodeKind,
  atMs: number,
): { row: Instance; foldFrom: number | null } {
  const [windowColumn, closingsColumn] = COLUMNS[kind];
  const windowAt = row[windowColumn];
  const isRunning = windowAt !== null && atMs >= windowAt && atMs < windowAt + FLAPPING_WINDOW_MS;
  const startedAt = isRunning ? windowAt : atMs;
  const closings = isRunning ? row[closingsColumn] + 1 : 1;
  return {
    row: { ...row, [windowColumn]: startedAt, [closingsColumn]: closings },
    foldFrom: closings > FLAPPING_CLOSINGS ? startedAt : null,
  };
}
