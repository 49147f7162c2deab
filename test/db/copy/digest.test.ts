import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BulkTable } from '../../../src/db/bulk/statements.ts';
import { TableDigest } from '../../../src/db/copy/digest.ts';
import type { Row } from '../../../src/db/copy/rows.ts';
import { COPIED_TABLES } from '../../../src/db/copy/tables.ts';

const AUDIT = COPIED_TABLES.find(({ name }) => name === 'audit') as BulkTable;
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null));
const rowsOf = ({ columns }: BulkTable): fc.Arbitrary<Row> =>
  fc.record(Object.fromEntries(Object.keys(columns).map((name) => [name, value])));

function digest(table: BulkTable, rows: readonly Row[]): string {
  const sum = new TableDigest(table);
  for (const row of rows) sum.add([row]);
  return sum.hex;
}

describe('the digest of a table', () => {
  it('does not depend on the order of the rows or how they come in batches', () => {
    const rows = fc.array(rowsOf(AUDIT), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.nat(7), (all, turn) => {
        const turned = [...all.slice(turn), ...all.slice(0, turn)];
        const atOnce = new TableDigest(AUDIT);
        atOnce.add(turned);
        expect(atOnce.hex).toBe(digest(AUDIT, all));
        expect(atOnce.rows).toBe(all.length);
      }),
    );
  });

  it.each(COPIED_TABLES)('notices another value in any column of $name', (table) => {
    const row = Object.fromEntries(Object.keys(table.columns).map((name) => [name, 'a']));
    const digests = Object.keys(table.columns).map((name) =>
      digest(table, [{ ...row, [name]: 'b' }]),
    );
    expect(new Set([digest(table, [row]), ...digests]).size).toBe(digests.length + 1);
  });

  it.each([
    [null, ''],
    [0, ''],
    [1, '1'],
    [null, 'null'],
    ['a', 'a '],
    [0.1, 0.1 + 2 ** -56],
    [2 ** 53 - 1, 2 ** 53 - 2],
  ])('tells %j from %j', (one, other) => {
    const [id, ...others] = Object.keys(AUDIT.columns);
    const rest = Object.fromEntries(others.map((name) => [name, '']));
    const digests = [one, other].map((each) => digest(AUDIT, [{ ...rest, [id ?? '']: each }]));
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('of no rows is zero, and a row that is missing is noticed', () => {
    const row = { id: 'a' };
    expect(digest(AUDIT, [])).toMatch(/^0{64}$/);
    expect(digest(AUDIT, [row])).not.toBe(digest(AUDIT, []));
    expect(digest(AUDIT, [row, row])).not.toBe(digest(AUDIT, [row]));
  });
});
