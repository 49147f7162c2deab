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
 * Counts an episode by its end. Above 20 of one kind in an hour the instance flaps: `foldFrom` is
 * then the start of the hour whose history rows are to be merged into one. By its end and not by
 * when that was noticed, so that what is counted in an hour is what is merged in it.
 */
export function countClosing(
  row: Instance,
  kind: EpisodeKind,
  endedAtMs: number,
): { row: Instance; foldFrom: number | null } {
  const [windowColumn, closingsColumn] = COLUMNS[kind];
  const windowAt = row[windowColumn];
  const isRunning =
    windowAt !== null && endedAtMs >= windowAt && endedAtMs < windowAt + FLAPPING_WINDOW_MS;
  const startedAt = isRunning ? windowAt : endedAtMs;
  const closings = isRunning ? row[closingsColumn] + 1 : 1;
  return {
    row: { ...row, [windowColumn]: startedAt, [closingsColumn]: closings },
    foldFrom: closings > FLAPPING_CLOSINGS ? startedAt : null,
  };
}
