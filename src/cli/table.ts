import { printable } from '../domain/text/printable.ts';
import { fitWidth, foldText, measureWidth, padWidth } from './width.ts';

export type Cell = string | number | null;

export interface Column<Row> {
  header: string;
  value: (row: Row) => Cell;
  align?: 'left' | 'right';
  /** Never cut: a key that is to be copied. */
  isWhole?: boolean;
  /** Left out where others would otherwise be cut below what they need. */
  isDetail?: boolean;
  /** The columns of a terminal below which it tells too little; 8 unless given. */
  needs?: number;
  /** Colours the padded cell; its text must say the same without. */
  paint?: (cell: string, row: Row) => string;
}

const GAP = '  ';
const NARROWEST = 8;
/** Stands for what is absent, so that every row has the same number of fields for awk and cut. */
export const ABSENT = '-';

/**
 * Returns a table without borders: a line of headers and one line a row, every cell made printable.
 * With `width` (columns of a terminal) the widest columns are cut to fit; without it nothing is.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width }: { width?: number | undefined } = {},
): string {
  const all = columns.map((column) => fillColumn(column, rows));
  const shown = width === undefined ? all : fitColumns(all, width);
  const head = shown.map(({ column, width: its }) => alignCell(column.header, column, its));
  const lines = rows.map((row, index) =>
    shown.map(({ column, cells, width: its }) => {
      const cell = alignCell(cells[index] ?? '', column, its);
      return column.paint ? column.paint(cell, row) : cell;
    }),
  );
  return [head, ...lines].map((line) => line.join(GAP).trimEnd()).join('\n');
}

export type Field = readonly [name: string, value: Cell];

/**
 * Returns the lines of a `show` page: each name, aligned, and its value made printable. With `width`
 * (columns of a terminal) a long value goes on below its beginning.
 */
export function renderFields(
  fields: readonly Field[],
  { width }: { width?: number | undefined } = {},
): string {
  const longest = Math.max(...fields.map(([name]) => measureWidth(name)));
  const indent = ' '.repeat(longest + GAP.length);
  return fields
    .map(
      ([name, value]) =>
        `${padWidth(name, longest)}${GAP}${foldText(renderCell(value), { width, indent })}`,
    )
    .join('\n');
}

/** Returns the columns of the terminal behind stdout, or undefined where it is a file or a pipe. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

function renderCell(value: Cell): string {
  return value === null || value === '' ? ABSENT : printable(String(value));
}

function alignCell<Row>(text: string, column: Column<Row>, width: number): string {
  return padWidth(fitWidth(text, width), width, column.align);
}

interface Filled<Row> {
  column: Column<Row>;
  cells: readonly string[];
  width: number;
}

function fillColumn<Row>(column: Column<Row>, rows: readonly Row[]): Filled<Row> {
  const cells = rows.map((row) => renderCell(column.value(row)));
  const width = cells.reduce(
    (widest, cell) => Math.max(widest, measureWidth(cell)),
    measureWidth(column.header),
  );
  return { column, cells, width };
}

/** Leaves out details, the last first, until the others have what they need, and cuts the widest. */
function fitColumns<Row>(all: readonly Filled<Row>[], available: number): Filled<Row>[] {
  const shown = [...all];
  while (sumWidths(shown.map(needOf)) > available) {
    const detail = shown.findLastIndex(({ column }) => column.isDetail);
    if (detail === -1) break;
    shown.splice(detail, 1);
  }
  return shrink(shown, available);
}

/** Cuts the widest first: what needs room keeps it as long as others have some to spare. */
function shrink<Row>(shown: readonly Filled<Row>[], available: number): Filled<Row>[] {
  const least = shown.map(({ column, width }) => (column.isWhole ? width : NARROWEST));
  const widths = shown.map(({ width }) => width);
  for (const floors of [shown.map(needOf), least]) cutWidest(widths, floors, available);
  return shown.map((filled, at) => ({ ...filled, width: widths[at] ?? 0 }));
}

function cutWidest(widths: number[], floors: readonly number[], available: number): void {
  for (let excess = sumWidths(widths) - available; excess > 0; excess--) {
    const cuttable = widths.map((width, at) => (width > (floors[at] ?? 0) ? width : 0));
    const widest = Math.max(...cuttable);
    if (widest === 0) return;
    widths[cuttable.indexOf(widest)] = widest - 1;
  }
}

function needOf<Row>({ column, width }: Filled<Row>): number {
  return column.isWhole ? width : Math.min(width, column.needs ?? NARROWEST);
}

function sumWidths(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}
