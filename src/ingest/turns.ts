/** Does one piece of work after the other, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** What the work resolves to, or its error; the work that was asked for before is over then. */
  take<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }
}
