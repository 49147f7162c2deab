import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a run has started and made, undone in reverse order however the run ends: at its end, after
 * a failure, on Ctrl-C.
 */
export class Scope {
  readonly #undos: (() => unknown)[] = [];
  #closing: Promise<void> | null = null;

  /** Notes how to undo something that has just been done; on a closed scope it is undone at once. */
  async add(undo: () => unknown): Promise<void> {
    if (this.#closing === null) {
      this.#undos.push(undo);
      return;
    }
    await undo();
    throw new Error('The run has ended.');
  }

  /** Undoes everything; one failure keeps nothing else from being undone. */
  close(): Promise<void> {
    this.#closing ??= this.#undoAll();
    return this.#closing;
  }

  async #undoAll(): Promise<void> {
    for (const undo of this.#undos.splice(0).reverse()) {
      await Promise.resolve()
        .then(undo)
        .catch((error) => process.stderr.write(`${String(error)}\n`));
    }
  }
}

/** Runs work in a scope with an empty directory, which is removed with it. */
export async function withScratchDirectory<T>(
  prefix: string,
  work: (scope: Scope, directory: string) => Promise<T>,
): Promise<T> {
  return await withScope(async (scope) => {
    const directory = mkdtempSync(join(tmpdir(), prefix));
    await scope.add(() => rmSync(directory, { recursive: true, force: true }));
    return await work(scope, directory);
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_INTERRUPTED = 130;

/** Runs work in a scope that is closed after it; a signal closes it as well, and ends the process. */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  const interrupt = () => void scope.close().then(() => process.exit(EXIT_INTERRUPTED));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(scope);
  } finally {
    await scope.close();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}
