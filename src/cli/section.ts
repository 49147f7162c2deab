import { type Column, renderTable } from './table.ts';

const INDENT = '  ';

/** How many rows of a list a page for people shows; JSON has more. */
const SHOWN_ROWS = 10;

export interface SectionOptions {
  title: string;
  width: number | undefined;
}

/** Returns a table under a title, indented and with its first rows only; '' where there are no rows. */
export function renderSection<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { title, width }: SectionOptions,
): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, SHOWN_ROWS);
  const table = renderTable(columns, shown, { width: innerWidth(width) });
  const rest = rows.length - shown.length;
  return indentUnder(title, rest === 0 ? table : `${table}\n… ${rest} more: --json`);
}

/** Returns the columns that are left for what is indented under a title. */
export function innerWidth(width: number | undefined): number | undefined {
  return width === undefined ? undefined : width - INDENT.length;
}

/** Returns a text of several lines under a title, indented. */
export function indentUnder(title: string, text: string): string {
  return [title, ...text.split('\n').map((line) => `${INDENT}${line}`)].join('\n');
}

/** Returns the parts of a page, with an empty line between those that are not empty. */
export function joinSections(sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}
