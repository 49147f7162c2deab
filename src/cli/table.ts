import { printable } from '../domain/printable.ts';
import { fitWidth, measureWidth, padWidth } from './width.ts';

export type Cell = string | number | null;

export interface Column<Row> {
  header: string;
  value: (row: Row) => Cell;
  align?: 'left' | 'right';
  /** Never cut: a key that is to be copied. */
  isWhole?: boolean;
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
  const cells = rows.map((row) => columns.map((column) => renderCell(column.value(row))));
  const headers = columns.map((column) => column.header);
  const widths = measureColumns([headers, ...cells]);
  if (width !== undefined) shrinkColumns(columns, widths, width);
  const lines = cells.map((line, index) =>
    line.map((text, at) => {
      const column = columns[at] as Column<Row>;
      const cell = alignCell(text, column, widths[at] ?? 0);
      return column.paint ? column.paint(cell, rows[index] as Row) : cell;
    }),
  );
  const head = headers.map((text, at) =>
    alignCell(text, columns[at] as Column<Row>, widths[at] ?? 0),
  );
  return [head, ...lines].map((line) => line.join(GAP).trimEnd()).join('\n');
}

/** Returns the lines of a `show` page: each name, aligned, and its value made printable. */
export function renderFields(fields: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...fields.map(([name]) => measureWidth(name)));
  return fields
    .map(([name, value]) => `${padWidth(name, width)}${GAP}${renderCell(value)}`)
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

function measureColumns(lines: readonly string[][]): number[] {
  const widths = (lines[0] ?? []).map(() => 0);
  for (const line of lines) {
    for (const [at, text] of line.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, measureWidth(text));
    }
  }
  return widths;
}

function shrinkColumns(
  columns: readonly Pick<Column<never>, 'isWhole'>[],
  widths: number[],
  available: number,
): void {
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - available;
  while (excess > 0) {
    const cuttable = widths.map((width, at) => (columns[at]?.isWhole ? 0 : width));
    const widest = Math.max(...cuttable);
    if (widest <= NARROWEST) return;
    widths[cuttable.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}
