/** A list of which only a stretch is here: the selected row, and which row stands at the top. */
import type { Slice, Window } from './data/window.ts';

export interface Keyed {
  key: string;
}

export interface List<Row extends Keyed> {
  rows: readonly Row[];
  /** The index of the first of `rows` in the whole list. */
  from: number;
  total: number;
  /** The selected row, and the one at the top of the screen. */
  index: number;
  top: number;
  /** Around which row the stretch was asked for last. */
  anchor: Slice;
  /** False until the first answer. */
  isLoaded: boolean;
}

export function emptyList<Row extends Keyed>(): List<Row> {
  return {
    ...{ rows: [], from: 0, total: 0, index: 0, top: 0, isLoaded: false },
    anchor: { key: null, index: 0 },
  };
}

/** Returns the selected row, or undefined where the list is empty or the row is still on its way. */
export function selectedRow<Row extends Keyed>({ rows, from, index }: List<Row>): Row | undefined {
  return rows[index - from];
}

/** Returns what the screen shows, from the top; undefined stands for a row that is still on its way. */
export function visibleRows<Row extends Keyed>(
  list: List<Row>,
  height: number,
): (Row | undefined)[] {
  const top = findTop(list, height);
  const shown = Math.max(0, Math.min(height, list.total - top));
  return Array.from({ length: shown }, (_, at) => list.rows[top + at - list.from]);
}

/**
 * Returns the index of the row at the top of a screen of that height: the terminal may have another
 * size by now, and the selected row must be in sight.
 */
export function findTop<Row extends Keyed>(
  { top, index, total }: List<Row>,
  height: number,
): number {
  return scrollTo(Math.min(top, Math.max(0, total - height)), index, height);
}

/** Selects the row so many further down (or up, below 0), and brings it into view. */
export function moveBy<Row extends Keyed>(
  list: List<Row>,
  distance: number,
  height: number,
): List<Row> {
  const last = Math.max(0, list.total - 1);
  const index = Math.max(0, Math.min(last, list.index + distance));
  const moved = { ...list, index, top: scrollTo(list.top, index, height) };
  return isNearEdge(moved, height) ? anchorAtSelected(moved) : moved;
}

/** Asks for the stretch around the selected row anew, because the data changed. */
export function anchorAtSelected<Row extends Keyed>(list: List<Row>): List<Row> {
  const { index } = list;
  return { ...list, anchor: { key: selectedRow(list)?.key ?? null, index } };
}

/** Starts anew at the top, as after another filter; what is here stays until the answer comes. */
export function startOver<Row extends Keyed>(list: List<Row>): List<Row> {
  return { ...list, index: 0, top: 0, anchor: { key: null, index: 0 } };
}

/**
 * Takes the stretch that was asked for around `asked`. The selected row stays selected, and where it
 * stood on the screen, as long as it is there.
 */
export function receiveWindow<Row extends Keyed>(
  list: List<Row>,
  window: Window<Row>,
  { asked, height }: { asked: Slice; height: number },
): List<Row> {
  const index = findSelected(list, window, asked);
  const { rows, from, total } = window;
  const moved = { ...list, rows, from, total, index, isLoaded: true };
  const top = findTop({ ...moved, top: Math.max(0, list.top + index - list.index) }, height);
  const received = { ...moved, top };
  return isNearEdge(received, height) ? anchorAtSelected(received) : received;
}

function findSelected<Row extends Keyed>(
  list: List<Row>,
  { rows, from, total, index }: Window<Row>,
  asked: Slice,
): number {
  const moved = list.index - asked.index;
  if (moved === 0) return index;
  // The selection went on while the answer was on its way.
  const key = selectedRow(list)?.key;
  const found = key === undefined ? -1 : rows.findIndex((row) => row.key === key);
  if (found !== -1) return from + found;
  return Math.max(0, Math.min(total - 1, index + moved));
}

function scrollTo(top: number, index: number, height: number): number {
  return Math.max(0, Math.min(index, Math.max(top, index - Math.max(1, height) + 1)));
}

/** Whether the screen may soon show rows that are not here. */
function isNearEdge<Row extends Keyed>(list: List<Row>, height: number): boolean {
  const { rows, from, total, top } = list;
  if (!list.isLoaded) return false;
  const above = top - from;
  const below = from + rows.length - (top + height);
  return (from > 0 && above < height) || (from + rows.length < total && below < height);
}
