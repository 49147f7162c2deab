import type { BulkTable } from '../bulk/statements.ts';
import { TableDigest } from './digest.ts';
import { countRows, readBatches } from './rows.ts';
import type { Sides } from './side.ts';
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

/** How far a table is read. */
export interface TableProgress {
  table: string;
  /** Which of the two is read: the one is verified after the other. */
  side: keyof Sides;
  /** How many rows of the table are done. */
  rows: number;
  /** How many there are. */
  total: number;
}

type OnBatch = (progress: TableProgress) => Promise<void>;

/** Reads all tables of both databases, and returns what is in them and in which they differ. */
export async function compareTables(sides: Sides, onBatch: OnBatch): Promise<Comparison> {
  const comparison: Comparison = { tables: [], differing: [] };
  for (const table of COPIED_TABLES) {
    const one = await digestTable(sides, 'from', { table, onBatch });
    const other = await digestTable(sides, 'to', { table, onBatch });
    comparison.tables.push(other);
    if (one.rows !== other.rows || one.digest !== other.digest) {
      comparison.differing.push(table.name);
    }
  }
  return comparison;
}

async function digestTable(
  sides: Sides,
  side: keyof Sides,
  { table, onBatch }: { table: BulkTable; onBatch: OnBatch },
): Promise<CopiedTable> {
  const digest = new TableDigest(table);
  const total = await countRows(sides[side], table);
  for await (const rows of readBatches(sides[side], table)) {
    digest.add(rows);
    await onBatch({ table: table.name, side, rows: digest.rows, total });
  }
  return { table: table.name, rows: digest.rows, digest: digest.hex };
}
