import {
  fillLines,
  fitLine,
  type Line,
  line,
  markSelected,
  span,
  wrapLine,
} from '../drawing/line.ts';
import { findTop, type Keyed, type List, visibleRows } from '../list.ts';

const MARK = '> ';
const NO_MARK = '  ';

/** The rows below a list that say of the selected one what its row is too short for. */
export const DETAIL_ROWS = 3;

/** Returns a rule, and below it as much of the text as there is room for. */
export function renderBelow(text: Line, width: number): Line[] {
  const room = DETAIL_ROWS - 1;
  const wrapped = wrapLine(text, width);
  const shown = wrapped.slice(0, room);
  const last = shown.at(-1) ?? [];
  const end = wrapped.length > room ? fitLine([...last, span(' …')], width) : last;
  return fillLines([line('─'.repeat(width), 'dim'), ...shown.slice(0, -1), end], DETAIL_ROWS);
}

interface RowsOptions<Row> {
  width: number;
  height: number;
  show: (row: Row) => Line;
  isActive?: boolean;
}

/** Returns the visible rows of a list as lines; the selected one is marked, and not by its colour alone. */
export function renderRows<Row extends Keyed>(
  list: List<Row>,
  { width, height, show, isActive = true }: RowsOptions<Row>,
): Line[] {
  const top = findTop(list, height);
  return visibleRows(list, height).map((row, at) => {
    if (row === undefined) return line(`${NO_MARK}…`, 'dim');
    const isSelected = top + at === list.index;
    const text = fitLine([span(isSelected ? MARK : NO_MARK), ...show(row)], width);
    return isSelected && isActive ? markSelected(text, width) : text;
  });
}
