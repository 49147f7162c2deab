import type { RefusedRequest } from './refused-request.ts';

/** Refusals of one identity since the last write: the latest of them, and how many. */
export interface PendingRejection {
  digest: string;
  latest: RefusedRequest;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  /** How many writes had gone well when it could not be written although it was alone. */
  failedAfter: number | null;
}

export interface PendingLimits {
  pendingRows: number;
  pendingBytes: number;
}

/** What waits for the next write: bounded in number and in size. */
export class PendingRejections {
  readonly #limits: PendingLimits;
  readonly #entries = new Map<string, PendingRejection>();
  #bytes = 0;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Folds the entry into the one of the same identity, if there is one. */
  fold(entry: PendingRejection): boolean {
    const known = this.#entries.get(entry.digest);
    if (!known) return false;
    known.count += entry.count;
    known.firstAtMs = Math.min(known.firstAtMs, entry.firstAtMs);
    if (entry.lastAtMs < known.lastAtMs) return true;
    known.lastAtMs = entry.lastAtMs;
    this.#replaceLatest(known, entry.latest);
    return true;
  }

  /** Takes an entry of a new identity, if it fits. */
  add(entry: PendingRejection): boolean {
    const bytes = measure(entry.latest);
    if (this.#entries.size >= this.#limits.pendingRows) return false;
    if (this.#bytes + bytes > this.#limits.pendingBytes) return false;
    this.#entries.set(entry.digest, entry);
    this.#bytes += bytes;
    return true;
  }

  /** Hands over the entries that wait for longest. */
  drain(most: number): PendingRejection[] {
    const entries = [...this.#entries.values()].slice(0, most);
    for (const { digest, latest } of entries) {
      this.#entries.delete(digest);
      this.#bytes -= measure(latest);
    }
    return entries;
  }

  #replaceLatest(entry: PendingRejection, latest: RefusedRequest): void {
    const growth = measure(latest) - measure(entry.latest);
    if (growth > 0 && this.#bytes + growth > this.#limits.pendingBytes) return;
    entry.latest = latest;
    this.#bytes += growth;
  }
}

// Two bytes a character at worst; what is the same for all entries is in the bound on their number.
function measure({ payload, detail, path, errors }: RefusedRequest): number {
  const inErrors = (errors ?? []).reduce(
    (sum, error) => sum + error.path.length + error.message.length,
    0,
  );
  return 2 * ((payload?.length ?? 0) + detail.length + path.length + inErrors);
}
