import { countAccepted, type Installation } from './installation.ts';
import type { LoadResult } from './load/run-load.ts';

/**
 * The messages that were acknowledged in all runs of a scenario. A generator counts answers, and one
 * with status 200 may refuse lines of a batch, so the database has the last word.
 */
export class Acknowledged {
  #messages = 0;

  add(messages: number): void {
    this.#messages += messages;
  }

  /** Adds what a run acknowledged, and returns its result. */
  note(result: LoadResult): LoadResult {
    this.add(result.accepted);
    return result;
  }

  /**
   * Throws if the servers, which must have stopped, counted fewer as accepted. They may have counted
   * more: answers that were on their way when the generator ended.
   */
  async requireCounted(installation: Installation): Promise<void> {
    const counted = await countAccepted(installation);
    if (counted >= this.#messages) return;
    throw new Error(`${this.#messages} messages were acknowledged, and only ${counted} accepted.`);
  }
}
