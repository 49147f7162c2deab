/** A list stays with the data; the terminal gets the stretch of it that is looked at. */

/** Which stretch is wanted: around the row with `key`, or around `index` where there is none. */
export interface Slice {
  key: string | null;
  index: number;
}

export interface Window<Row> {
  rows: Row[];
  /** The index of the first of `rows` in the whole list. */
  from: number;
  /** How many rows the whole list has. */
  total: number;
  /** Where the wanted row is; the last one where the list has become shorter. */
  index: number;
}

/** Rows on each side of the wanted one: several screens, so that a key rarely waits for the data. */
export const REACH = 200;

/** Returns the stretch of the list around the wanted row; `show` makes the rows that go out. */
export function cutWindow<Item, Row>(
  items: readonly Item[],
  slice: Slice,
  { keyOf, show }: { keyOf: (item: Item) => string; show: (item: Item) => Row },
): Window<Row> {
  const index = findIndex(items, slice, keyOf);
  const from = Math.max(0, index - REACH);
  const rows = items.slice(from, index + REACH + 1).map(show);
  return { rows, from, total: items.length, index };
}

function findIndex<Item>(
  items: readonly Item[],
  { key, index }: Slice,
  keyOf: (item: Item) => string,
): number {
  const near = items[index];
  if (key === null || (near !== undefined && keyOf(near) === key)) return clamp(items, index);
  const found = items.findIndex((item) => keyOf(item) === key);
  return found === -1 ? clamp(items, index) : found;
}

function clamp(items: readonly unknown[], index: number): number {
  return Math.max(0, Math.min(index, items.length - 1));
}
