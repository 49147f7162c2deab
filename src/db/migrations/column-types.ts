import type { Kysely } from 'kysely';
import { dialectOf } from '../connection/dialect.ts';

/** The names that differ between the two databases in a table definition. */
export interface ColumnTypes {
  int: string;
  /** Sorted by its bytes: keys stand in one order on both databases, and in that of JavaScript. */
  text: string;
  real: string;
  bytes: string;
  /** Ends a table definition. */
  table: string;
  /** Ends the definition of a table of small rows that are found by their whole key. */
  keyed: string;
}

const COLUMN_TYPES = {
  sqlite: {
    int: 'integer',
    text: 'text',
    real: 'real',
    bytes: 'blob',
    table: ' strict',
    keyed: ' strict, without rowid',
  },
  postgres: {
    int: 'bigint',
    text: 'text collate "C"',
    real: 'double precision',
    bytes: 'bytea',
    table: '',
    keyed: '',
  },
} as const satisfies Record<string, ColumnTypes>;

/** The column types and table options for the database behind `db`. */
// biome-ignore lint/suspicious/noExplicitAny: migrations know no schema
export function columnTypes(db: Kysely<any>): ColumnTypes {
  return COLUMN_TYPES[dialectOf(db)];
}
