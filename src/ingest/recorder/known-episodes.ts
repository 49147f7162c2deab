import { REJECTION_ENDS_AFTER_MS } from '../../domain/time/episodes.ts';

/** The episodes that this process wrote lately: a repetition makes no new row, so it needs no allowance. */
export class KnownEpisodes {
  readonly #most: number;
  readonly #lastAtMs = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether the episode is still open, as far as this process knows. */
  has(digest: string, nowMs: number): boolean {
    const lastAtMs = this.#lastAtMs.get(digest);
    return lastAtMs !== undefined && Math.abs(nowMs - lastAtMs) <= REJECTION_ENDS_AFTER_MS;
  }

  /** Notes a repetition; the episode that was not repeated for longest is forgotten for it. */
  note(digest: string, nowMs: number): void {
    this.#lastAtMs.delete(digest);
    this.#lastAtMs.set(digest, nowMs);
    if (this.#lastAtMs.size <= this.#most) return;
    const [oldest = ''] = this.#lastAtMs.keys();
    this.#lastAtMs.delete(oldest);
  }
}
