import { describe, expect, it } from 'vitest';
import { cutWindow, REACH, type Slice } from '../../src/dashboard/data/window.ts';
import {
  anchorAtSelected,
  emptyList,
  findTop,
  type List,
  moveBy,
  receiveWindow,
  selectedRow,
  startOver,
  visibleRows,
} from '../../src/dashboard/list.ts';

interface Row {
  key: string;
}

const HEIGHT = 10;

const rowsTo = (count: number): Row[] => Array.from({ length: count }, (_, at) => row(at));
const row = (at: number): Row => ({ key: `row-${at}` });

/** What the data would answer. */
function cut(items: readonly Row[], slice: Slice) {
  return cutWindow(items, slice, { keyOf: ({ key }) => key, show: (each) => each });
}

function receive(list: List<Row>, items: readonly Row[], asked = list.anchor): List<Row> {
  return receiveWindow(list, cut(items, asked), { asked, height: HEIGHT });
}

function load(items: readonly Row[]): List<Row> {
  return receive(emptyList<Row>(), items);
}

/** As the dashboard does: whatever is asked for is answered at once. */
function moveThrough(list: List<Row>, items: readonly Row[], distance: number): List<Row> {
  const moved = moveBy(list, distance, HEIGHT);
  return moved.anchor === list.anchor ? moved : receive(moved, items);
}

const keysOf = (list: List<Row>) => visibleRows(list, HEIGHT).map((each) => each?.key ?? '…');

describe('a list', () => {
  it('is empty, and moves nowhere, until its first answer', () => {
    const list = moveBy(emptyList<Row>(), 1, HEIGHT);
    expect(list).toMatchObject({ index: 0, top: 0, isLoaded: false });
    expect(selectedRow(list)).toBeUndefined();
    expect(visibleRows(list, HEIGHT)).toEqual([]);
  });

  it('starts at its first row', () => {
    const list = load(rowsTo(30));
    expect(selectedRow(list)).toEqual(row(0));
    expect(keysOf(list)).toEqual(rowsTo(10).map(({ key }) => key));
  });

  it.each([
    ['down to the last row of the screen', 9, 9, 0],
    ['one row beyond the screen, which follows', 10, 10, 1],
    ['to the last row', Number.POSITIVE_INFINITY, 29, 20],
    ['not beyond the last row', 31, 29, 20],
    ['not before the first row', -1, 0, 0],
    ['to the first row', Number.NEGATIVE_INFINITY, 0, 0],
  ])('moves %s', (_, distance, index, top) => {
    expect(moveBy(load(rowsTo(30)), distance, HEIGHT)).toMatchObject({ index, top });
  });

  it('goes up within the screen before the screen follows', () => {
    const atEnd = moveBy(load(rowsTo(30)), Number.POSITIVE_INFINITY, HEIGHT);
    expect(moveBy(atEnd, -9, HEIGHT)).toMatchObject({ index: 20, top: 20 });
    expect(moveBy(atEnd, -10, HEIGHT)).toMatchObject({ index: 19, top: 19 });
  });

  it('stays with its stretch in the middle of it, and asks for another one near its edge', () => {
    const list = load(rowsTo(1_000));
    const middle = moveBy(list, REACH - 2 * HEIGHT, HEIGHT);
    expect(middle.anchor).toBe(list.anchor);
    const edge = moveBy(middle, HEIGHT + 1, HEIGHT);
    expect(edge.anchor).toEqual({ key: 'row-191', index: 191 });
  });

  it('never asks near the edges of the whole list', () => {
    const list = load(rowsTo(REACH));
    expect(moveBy(list, Number.POSITIVE_INFINITY, HEIGHT).anchor).toBe(list.anchor);
  });

  it('shows what is still on its way as missing, and asks for it by its place', () => {
    const list = moveBy(load(rowsTo(1_000)), Number.POSITIVE_INFINITY, HEIGHT);
    expect(selectedRow(list)).toBeUndefined();
    expect(keysOf(list)).toEqual(Array(10).fill('…'));
    expect(list.anchor).toEqual({ key: null, index: 999 });
    expect(keysOf(receive(list, rowsTo(1_000))).at(-1)).toBe('row-999');
  });

  it('can be walked from end to end, a row or a screen at a time, and misses no row', () => {
    const items = rowsTo(1_500);
    for (const step of [1, HEIGHT - 1, -1, -(HEIGHT - 1)]) {
      let list = load(items);
      if (step < 0) list = moveThrough(list, items, Number.POSITIVE_INFINITY);
      for (let count = 0; count < items.length / Math.abs(step); count += 1) {
        list = moveThrough(list, items, step);
        expect(keysOf(list)).toEqual(
          items.slice(list.top, list.top + HEIGHT).map(({ key }) => key),
        );
      }
      expect(list.index).toBe(step < 0 ? 0 : 1_499);
    }
  });

  it('starts over at the top, with what is here until the answer comes', () => {
    const list = startOver(moveBy(load(rowsTo(30)), 15, HEIGHT));
    expect(list).toMatchObject({ index: 0, top: 0, anchor: { key: null, index: 0 } });
    expect(keysOf(list)[0]).toBe('row-0');
  });
});

describe('an answer', () => {
  it('keeps the selected row selected by its key, and where it stood on the screen', () => {
    const items = rowsTo(30);
    const list = anchorAtSelected(moveBy(load(items), 15, HEIGHT));
    const news = [{ key: 'new-1' }, { key: 'new-2' }, ...items];
    const received = receive(list, news);
    expect(selectedRow(received)).toEqual(row(15));
    expect(received.index - received.top).toBe(list.index - list.top);
  });

  it('keeps the selected row selected where the order turned round', () => {
    const items = rowsTo(30);
    const list = anchorAtSelected(moveBy(load(items), 5, HEIGHT));
    const received = receive(list, items.toReversed());
    expect(selectedRow(received)).toEqual(row(5));
    expect(keysOf(received)).toContain('row-5');
  });

  it('leaves the selection where it was once its row is gone', () => {
    const items = rowsTo(30);
    const list = anchorAtSelected(moveBy(load(items), 5, HEIGHT));
    const received = receive(
      list,
      items.filter(({ key }) => key !== 'row-5'),
    );
    expect(selectedRow(received)).toEqual(row(6));
  });

  it('moves the selection to the last row of a list that has shrunk, and fills the screen', () => {
    const list = moveBy(load(rowsTo(100)), Number.POSITIVE_INFINITY, HEIGHT);
    const received = receive(anchorAtSelected(list), rowsTo(20));
    expect(received).toMatchObject({ index: 19, top: 10, total: 20 });
  });

  it('leaves nothing selected where the list has become empty', () => {
    const received = receive(anchorAtSelected(moveBy(load(rowsTo(5)), 3, HEIGHT)), []);
    expect(received).toMatchObject({ index: 0, top: 0, total: 0, isLoaded: true });
    expect(selectedRow(received)).toBeUndefined();
  });

  it('that comes after the selection moved leaves the selection where it is by now', () => {
    const items = rowsTo(50);
    const asking = anchorAtSelected(moveBy(load(items), 5, HEIGHT));
    const moved = moveBy(asking, 3, HEIGHT);
    const received = receive(moved, [{ key: 'new' }, ...items], asking.anchor);
    expect(selectedRow(received)).toEqual(row(8));
  });

  it('that comes after the selection went out of its reach moves as far from what it was asked for', () => {
    const items = rowsTo(2_000);
    const asking = load(items);
    const moved = moveBy(asking, Number.POSITIVE_INFINITY, HEIGHT);
    const late = receive(moved, items, asking.anchor);
    expect(late).toMatchObject({ index: 1_999, anchor: { key: null, index: 1_999 } });
  });
});

describe('the row at the top', () => {
  it.each([
    ['stays where it is while the selected one is in sight', 20, 20],
    ['follows the selected one where the screen becomes lower', 3, 23],
    ['goes up where there is room for more than what is left', 40, 10],
    ['is the selected one where there is room for nothing', 0, 25],
  ])('%s', (_, height, top) => {
    const list = { ...load(rowsTo(50)), index: 25, top: 20 };
    expect(findTop(list, height)).toBe(top);
  });
});
