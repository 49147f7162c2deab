/** Rows in order, found by halving: a thousand late messages must not sort all of a history each. */
export class SortedRows<Row> {
  readonly #compare: (one: Row, two: Row) => number;
  readonly #rows: Row[] = [];

  constructor(compare: (one: Row, two: Row) => number) {
    this.#compare = compare;
  }

  at(index: number): Row | undefined {
    return index < 0 ? undefined : this.#rows[index];
  }

  add(row: Row): void {
    this.#rows.splice(this.#indexOf(row), 0, row);
  }

  /** Removes a row that was added. */
  remove(row: Row): void {
    this.#rows.splice(this.#indexOf(row), 1);
  }

  /** How many rows there are from the first one on for which this holds, which no later one may. */
  countWhile(holds: (row: Row) => boolean): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#rows[middle] as Row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #indexOf(row: Row): number {
    return this.countWhile((each) => this.#compare(each, row) < 0);
  }
}
