import { describe, expect, it } from 'vitest';
import { cutWindow, REACH, type Slice } from '../../../src/dashboard/data/window.ts';

const items = (count: number) => Array.from({ length: count }, (_, at) => at);

function cut(list: readonly number[], slice: Slice) {
  return cutWindow(list, slice, { keyOf: (item) => `key-${item}`, show: (item) => item });
}

describe('the window of a list', () => {
  it('reaches equally far to both sides of the wanted row', () => {
    const { rows, ...window } = cut(items(1_000), { key: null, index: 500 });
    expect(window).toEqual({ from: 500 - REACH, total: 1_000, index: 500 });
    expect([rows[0], rows.at(-1)]).toEqual([500 - REACH, 500 + REACH]);
  });

  it('ends where the list ends', () => {
    const { rows, from } = cut(items(REACH + 2), { key: null, index: 1 });
    expect([from, rows.length]).toEqual([0, REACH + 2]);
  });

  it('finds the wanted row by its key, wherever it went', () => {
    const { rows, from, index } = cut(items(1_000).toReversed(), { key: 'key-10', index: 10 });
    expect(index).toBe(989);
    expect(rows[index - from]).toBe(10);
  });

  it('prefers the row at the index where two have the same key', () => {
    expect(cut([1, 2, 1], { key: 'key-1', index: 2 }).index).toBe(2);
  });

  it('is around the index where the row with the key is gone', () => {
    expect(cut(items(10), { key: 'gone', index: 4 }).index).toBe(4);
  });

  it.each([
    ['the last row where the list has become shorter', 9, 3, 2],
    ['0 where the list is empty', 9, 0, 0],
    ['0 for an index below it', -5, 3, 0],
  ])('is around %s', (_, index, count, expected) => {
    expect(cut(items(count), { key: null, index }).index).toBe(expected);
  });

  it('makes rows of nothing outside of it', () => {
    const shown: number[] = [];
    const show = (item: number) => shown.push(item);
    const keyOf = (item: number) => `key-${item}`;
    cutWindow(items(1_000), { key: null, index: 0 }, { keyOf, show });
    expect(shown).toHaveLength(REACH + 1);
  });
});
