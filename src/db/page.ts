import { FleetError } from '../domain/errors.ts';

/** Which part of a list is wanted; without a limit the whole rest. */
export interface PageRequest {
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  /** What brings the next page, or null after the last. */
  next_cursor: string | null;
}

/** A page that knows how many items match in all; null where it holds the last of them. */
export interface CountedPage<Item> extends Page<Item> {
  total: number | null;
}

type Key = readonly (string | number)[];

/** Returns the cursor that stands behind the item with this key. */
export function encodeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Returns the key in a cursor, whose parts are of the types of `sample`; undefined without cursor.
 * Throws a usage error for a text that no page of this list gave.
 */
export function decodeCursor<K extends Key>(
  cursor: string | undefined,
  sample: K,
): { [P in keyof K]: K[P] extends number ? number : string } | undefined {
  if (cursor === undefined) return undefined;
  const key = parseKey(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === sample.length &&
    key.every((part, at) => typeof part === typeof sample[at]);
  if (fits) return key as { [P in keyof K]: K[P] extends number ? number : string };
  throw new FleetError('usage', 'The cursor is not one that this list gave.', {
    hint: 'leave --cursor out, to start from the beginning',
  });
}

/** Makes a page of rows, of which one more than `limit` was read in order to know whether more follow. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number | undefined,
  keyOf: (row: Row) => Key,
): Page<Row> {
  if (limit === undefined || rows.length <= limit) return { items: [...rows], next_cursor: null };
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: last === undefined ? null : encodeCursor(keyOf(last)) };
}

/** Returns what comes behind a key, of rows that are in the order of their keys. */
export function skipThrough<Row>(
  rows: readonly Row[],
  after: Key | undefined,
  keyOf: (row: Row) => Key,
): readonly Row[] {
  if (after === undefined) return rows;
  const first = rows.findIndex((row) => isBehind(keyOf(row), after));
  return first === -1 ? [] : rows.slice(first);
}

/** Adds the total to a page after which more follow; `count` is asked only then. */
export async function countPage<Item>(
  page: Page<Item>,
  count: () => number | Promise<number>,
): Promise<CountedPage<Item>> {
  return { ...page, total: page.next_cursor === null ? null : await count() };
}

function isBehind(key: Key, after: Key): boolean {
  const at = key.findIndex((part, index) => part !== after[index]);
  return at !== -1 && (key[at] as string | number) > (after[at] as string | number);
}

function parseKey(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
