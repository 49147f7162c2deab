import type { CopiedTable } from '../../db/copy/verify.ts';
import { type Column, renderTable } from '../table.ts';

const COLUMNS: readonly Column<CopiedTable>[] = [
  { header: 'TABLE', value: ({ table }) => table },
  { header: 'ROWS', value: ({ rows }) => rows, align: 'right' },
  { header: 'DIGEST', value: ({ digest }) => digest },
];

/** Returns the tables that both databases hold alike, with their digests. */
export function renderCopied(tables: readonly CopiedTable[]): string {
  return renderTable(COLUMNS, tables);
}
