/**
 * Two queues in front of one writer, whose transactions take turns. In a single one, a fleet of
 * gateways that comes back after an outage with ten thousand lines each would be in front of every
 * heartbeat; so a heartbeat waits for one part of one batch at most.
 */
import { Batcher, type BatcherLimits, type BatcherOptions } from './batcher.ts';
import type { BatchOutcome, MessageOutcome } from './outcome.ts';
import type { BatchRequest, MessageRequest } from './request.ts';
import type { Writer } from './writer/writer.ts';

/** Batches are committed together while they are small; a large one is long enough by itself. */
const BATCHES_TOGETHER: Pick<BatcherLimits, 'batchRequests' | 'batchBytes'> = {
  batchRequests: 64,
  batchBytes: 256 * 1024,
};

export interface LanesOptions extends BatcherOptions {
  /** Of each queue. */
  limits: BatcherLimits;
}

export class Lanes {
  readonly #messages: Batcher;
  readonly #batches: Batcher;

  constructor(writer: Pick<Writer, 'commit'>, options: LanesOptions) {
    this.#messages = new Batcher(writer, options);
    const limits = { ...options.limits, ...BATCHES_TOGETHER };
    this.#batches = new Batcher(writer, { ...options, limits });
  }

  /** The outcome of a message: after its commit, or at once when the queue is full. */
  submit(request: MessageRequest): Promise<MessageOutcome> {
    return this.#messages.submit(request) as Promise<MessageOutcome>;
  }

  /** The outcome of a batch: after the commit of its last line, or at once when the queue is full. */
  submitBatch(request: BatchRequest): Promise<BatchOutcome> {
    return this.#batches.submit(request) as Promise<BatchOutcome>;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await Promise.all([this.#messages.drain(), this.#batches.drain()]);
  }
}
