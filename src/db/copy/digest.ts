import { hash } from 'node:crypto';
import type { BulkTable } from '../bulk/statements.ts';
import type { Row } from './rows.ts';

const LANES = 4;

/**
 * The digest of a table: the sum of the SHA-256 of its rows, in four lanes of 64 bits. A sum, so
 * that the order in which a database gives the rows does not matter. Keys are unique, so no two rows cancel out. It finds what went wrong; it is no
 * defence against somebody who writes rows in order to deceive.
 */
export class TableDigest {
  readonly #names: readonly string[];
  readonly #sums = new BigUint64Array(LANES);
  #rows = 0;

  constructor({ columns }: BulkTable) {
    this.#names = Object.keys(columns);
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#addRow(row);
    this.#rows += rows.length;
  }

  get rows(): number {
    return this.#rows;
  }

  /** The sum in hexadecimal. */
  get hex(): string {
    return [...this.#sums].map((sum) => sum.toString(16).padStart(16, '0')).join('');
  }

  #addRow(row: Row): void {
    const text = JSON.stringify(this.#names.map((name) => toText(row[name])));
    const bytes = hash('sha256', text, 'buffer');
    for (const lane of this.#sums.keys()) {
      // The array wraps around at 64 bits.
      this.#sums[lane] = (this.#sums[lane] ?? 0n) + bytes.readBigUInt64BE(lane * 8);
    }
  }
}

function toText(value: Row[string] | undefined): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
