/**
 * What a run has started and made, undone in reverse order however the run ends: at its end, after
 * a failure, on Ctrl-C.
 */
export class Scope {
  readonly #undos: (() => unknown)[] = [];
  #isClosed = false;

  /** Notes how to undo something that has just been done; on a closed scope it is undone at once. */
  async add(undo: () => unknown): Promise<void> {
    if (!this.#isClosed) {
      this.#undos.push(undo);
      return;
    }
    await undo();
    throw new Error('The run has ended.');
  }

  /** Undoes everything; one failure keeps nothing else from being undone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const undo of this.#undos.splice(0).reverse()) {
      await Promise.resolve()
        .then(undo)
        .catch((error) => process.stderr.write(`${String(error)}\n`));
    }
  }
}
