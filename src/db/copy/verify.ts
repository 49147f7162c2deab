import type { BulkTable } from '../bulk/statements.ts';
import { TableDigest } from './digest.ts';
import { countRows, readBatches } from './rows.ts';
import type { Side, Sides } from './side.ts';
import { COPIED_TABLES } from './tables.ts';

export interface CopiedTable {
  table: string;
  rows: number;
  digest: string;
}

interface Comparison {
  tables: CopiedTable[];
  /** The names of those that are not alike. */
  differing: string[];
}

type OnBatch = (progress: { table: string; rows: number; total: number }) => Promise<void>;

/** Reads all tables of both databases, and returns what is in them and in which they differ. */
export async function compareTables({ from, to }: Sides, onBatch: OnBatch): Promise<Comparison> {
  const comparison: Comparison = { tables: [], differing: [] };
  for (const table of COPIED_TABLES) {
    const one = await digestTable(from, table, onBatch);
    const other = await digestTable(to, table, onBatch);
    comparison.tables.push(other);
    if (one.rows !== other.rows || one.digest !== other.digest) {
      comparison.differing.push(table.name);
    }
  }
  return comparison;
}

async function digestTable(side: Side, table: BulkTable, onBatch: OnBatch): Promise<CopiedTable> {
  const digest = new TableDigest(table);
  const total = await countRows(side, table);
  for await (const rows of readBatches(side, table)) {
    digest.add(rows);
    await onBatch({ table: table.name, rows: digest.rows, total });
  }
  return { table: table.name, rows: digest.rows, digest: digest.hex };
}
