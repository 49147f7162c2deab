import type { State } from '../state.ts';

/** Below this the dashboard says that it needs more room. */
export const LEAST_COLUMNS = 60;
export const LEAST_ROWS = 15;

const HEADER_ROWS = 2;
const FOOTER_ROWS = 1;
const RULE_ROWS = 1;

/** Returns whether the terminal is too small to show anything of use. */
export function isTooSmall({ columns, rows }: Pick<State, 'columns' | 'rows'>): boolean {
  return columns < LEAST_COLUMNS || rows < LEAST_ROWS;
}

/** Returns how many sentences of warning stand above everything. */
export function countBanners({ overview }: State): number {
  if (overview === null) return 0;
  const isUnwatched = overview.watchedUntilMs === null || overview.watchedUntilMs < overview.atMs;
  return (overview.away === null ? 0 : 1) + (isUnwatched ? 1 : 0);
}

/** Returns the rows between header and footer. */
export function bodyHeight(state: State): number {
  const notice = state.notice === null ? 0 : 1;
  const above = HEADER_ROWS + RULE_ROWS + countBanners(state);
  return Math.max(1, state.rows - above - notice - FOOTER_ROWS);
}
