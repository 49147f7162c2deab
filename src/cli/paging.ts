import type { Page } from '../db/page.ts';
import { writeNote } from './output.ts';

/** Returns the page with its items as JSON shows them. */
export function mapPage<Row, Item>(page: Page<Row>, toItem: (row: Row) => Item): Page<Item> {
  return { items: page.items.map(toItem), next_cursor: page.next_cursor };
}

/** Says on stderr, where more follows, how much was shown and how to go on. */
export function notePage(page: Page<unknown>, total?: number | null): void {
  if (page.next_cursor === null) return;
  const shown = `${page.items.length}${typeof total === 'number' ? ` of ${total}` : ''} shown`;
  writeNote(`${shown}; go on with --cursor ${page.next_cursor}`);
}
