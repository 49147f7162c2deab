/** The steps of a copy, in order, and the places at which they begin. */
import { randomUUID } from 'node:crypto';
import type { BulkTable } from '../bulk/statements.ts';
import type { Row } from './rows.ts';
import { COPIED_TABLES, CUSTOMERS } from './tables.ts';
import type { Place } from './unfinished.ts';

/** The rows of a table, each as `prepare` leaves it. */
export interface Step {
  name: string;
  table: BulkTable;
  prepare: (row: Row) => Row;
}

/** A parent may come behind its children in the order of keys, so customers are written without it first. */
const PARENTLESS_CUSTOMERS: Step = {
  name: 'customer without parent',
  table: CUSTOMERS,
  prepare: (row) => ({ ...row, parent: null }),
};

const STEPS: readonly Step[] = [
  PARENTLESS_CUSTOMERS,
  ...COPIED_TABLES.map((table) => ({ name: table.name, table, prepare: (row: Row) => row })),
];

/** The step behind all others. */
const VERIFYING = 'verifying';

const NAMES: readonly string[] = [...STEPS.map(({ name }) => name), VERIFYING];

/** Where a copy begins. */
export const START = beginningOf(PARENTLESS_CUSTOMERS);

/** Where the step begins. */
export function beginningOf({ name }: Step): Place {
  return { step: name, after: null, rows: 0 };
}

/** Where a verification begins: of each run another place, so that of two only the later can end the copy. */
export function beginVerifying(): Place {
  return { step: VERIFYING, after: [randomUUID()], rows: 0 };
}

/** Whether the place is one of this version of fleet. */
export function isKnown({ step }: Place): boolean {
  return NAMES.includes(step);
}

/** The step of the place and all behind it; none once everything is copied. */
export function stepsFrom({ step }: Place): readonly Step[] {
  return STEPS.slice(NAMES.indexOf(step));
}
