/**
 * Group commit without a timer: requests of the same moment form one batch, and while it commits
 * the next one fills. Under load batches grow, so that one fsync serves many.
 */
import { type Outcome, refuse, refuseAsFailed } from './outcome.ts';
import type { IngestRequest } from './request.ts';
import type { Writer } from './writer/writer.ts';

export interface BatcherLimits {
  /** Requests waiting for a commit; above it new ones are refused as `overloaded`. */
  queuedRequests: number;
  queuedBytes: number;
  /** Requests of one transaction: bounds how long it holds the write lock. */
  batchRequests: number;
  /** Unpacked bytes of one transaction: bounds how long the others of its batch wait for their answers. */
  batchBytes: number;
}

export const DEFAULT_BATCHER_LIMITS: BatcherLimits = {
  queuedRequests: 20_000,
  queuedBytes: 64 * 1024 * 1024,
  batchRequests: 1_000,
  batchBytes: 4 * 1024 * 1024,
};

interface Waiting {
  request: IngestRequest;
  resolve: (outcome: Outcome) => void;
}

export class Batcher {
  readonly #writer: Pick<Writer, 'commit'>;
  readonly #limits: BatcherLimits;
  readonly #onFailure: (error: unknown) => void;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #running: Promise<void> | null = null;

  constructor(
    writer: Pick<Writer, 'commit'>,
    { limits = DEFAULT_BATCHER_LIMITS, onFailure }: BatcherOptions,
  ) {
    this.#writer = writer;
    this.#limits = limits;
    this.#onFailure = onFailure;
  }

  /** The outcome of a request: after its commit, or at once when the queue is full. */
  submit(request: IngestRequest): Promise<Outcome> {
    if (this.#isFull(request)) {
      return Promise.resolve(refuse('overloaded', 'The server has more to store than it can.'));
    }
    return new Promise((resolve) => {
      this.#queue.push({ request, resolve });
      this.#queuedBytes += request.body.byteLength;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #isFull(request: IngestRequest): boolean {
    const { queuedRequests, queuedBytes } = this.#limits;
    return (
      this.#queue.length >= queuedRequests ||
      this.#queuedBytes + request.body.byteLength > queuedBytes
    );
  }

  async #run(): Promise<void> {
    // The first request of an idle moment waits for those that came with it.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) await this.#commit(this.#take());
    this.#running = null;
  }

  #take(): Waiting[] {
    const { batchRequests, batchBytes } = this.#limits;
    let length = 0;
    for (let bytes = 0; length < batchRequests && bytes < batchBytes; length++) {
      const next = this.#queue[length];
      if (!next) break;
      bytes += estimateUnpackedBytes(next.request);
    }
    const batch = this.#queue.slice(0, length);
    this.#queue = this.#queue.slice(length);
    for (const { request } of batch) this.#queuedBytes -= request.body.byteLength;
    return batch;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const outcomes = await this.#write(batch);
    for (const [index, { resolve }] of batch.entries()) {
      resolve(outcomes[index] ?? refuseAsFailed());
    }
  }

  async #write(batch: readonly Waiting[]): Promise<Outcome[]> {
    try {
      return await this.#writer.commit(batch.map(({ request }) => request));
    } catch (error) {
      this.#onFailure(error);
      const outcome = refuse('storage_unavailable', 'The message could not be stored.');
      return batch.map(() => outcome);
    }
  }
}

/** As large as a message may be by default; who claims more is not believed. */
const LARGEST_CLAIM_BYTES = 1024 * 1024;

/** What a gzip body says of its size in its last four bytes (RFC 1952, ISIZE); the commit does not rely on it. */
function estimateUnpackedBytes({ body, isGzip }: IngestRequest): number {
  if (!isGzip || body.byteLength < 4) return body.byteLength;
  const { buffer, byteOffset, byteLength } = body;
  const claimed = new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4, true);
  return Math.max(Math.min(claimed, LARGEST_CLAIM_BYTES), byteLength);
}

export interface BatcherOptions {
  limits?: BatcherLimits;
  /** Told why a batch could not be handed to the writer. */
  onFailure: (error: unknown) => void;
}
