import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Outcome } from '../outcome.ts';
import type { RejectionBatch } from '../recorder.ts';
import type { IngestRequest } from '../request.ts';
import type { Call, Reply, WriterSetup } from './worker-messages.ts';
import { packRequests, unpackOutcomes } from './worker-packing.ts';
import type { Writer } from './writer.ts';

/**
 * Left alone, V8 sizes a heap by the memory of the machine and lets it fill with garbage before it
 * collects. The old generation needs 20 MB; its bound is far above that, and makes V8 collect when
 * it has 40 MB and not 80.
 */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

interface Pending {
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

interface WorkerWriterOptions {
  /** Told what the thread has to report besides its answers. */
  onContentFailure: (error: unknown) => void;
  onNotice: (sentence: string) => void;
  /** Told that the thread has ended of itself: the process cannot go on without it. */
  onDeath: (error: unknown) => void;
}

/** A writer in a thread of its own, so that neither SQL nor fsync ever stops the HTTP loop. */
export async function createWorkerWriter(
  setup: WriterSetup,
  options: WorkerWriterOptions,
): Promise<Writer> {
  // The thread runs the same kind of file as this one: .ts from source, .js when built.
  const url = new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url);
  const writer = new WorkerWriter(
    new Worker(url, { workerData: setup, resourceLimits: HEAP }),
    options,
  );
  await writer.ready;
  return writer;
}

class WorkerWriter implements Writer {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #options: WorkerWriterOptions;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isClosing = false;

  constructor(worker: Worker, options: WorkerWriterOptions) {
    this.#worker = worker;
    this.#options = options;
    // Id 0 is the thread's start.
    this.ready = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    worker.on('message', (reply: Reply) => this.#hear(reply));
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', (code) =>
      this.#end(new Error(`The writer's thread ended with code ${code}.`)),
    );
  }

  async commit(requests: readonly IngestRequest[]): Promise<Outcome[]> {
    const argument = packRequests(requests);
    const call = { method: 'commit', argument } as const;
    return unpackOutcomes(await this.#call(call, [argument.bodies.buffer]));
  }

  async record(batch: RejectionBatch): Promise<void> {
    await this.#call({ method: 'record', argument: batch });
  }

  async check(): Promise<void> {
    await this.#call({ method: 'check', argument: null });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    await this.#call({ method: 'close', argument: null });
    await ended;
  }

  async #call<Value>(call: Omit<Call, 'id'>, transfer: ArrayBuffer[] = []): Promise<Value> {
    const id = ++this.#lastId;
    const answer = new Promise<Value>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
    });
    this.#worker.postMessage({ ...call, id }, transfer);
    return await answer;
  }

  #hear(reply: Reply): void {
    if (reply.kind === 'ready') this.#settle(0)?.resolve(undefined as never);
    else if (reply.kind === 'result') this.#settle(reply.id)?.resolve(reply.value as never);
    else if (reply.kind === 'failure') this.#settle(reply.id)?.reject(reply.error);
    else if (reply.kind === 'notice') this.#options.onNotice(reply.sentence);
    else this.#options.onContentFailure(reply.error);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #end(error: unknown): void {
    const wasStarting = this.#pending.has(0);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
    if (!this.#isClosing && !wasStarting) this.#options.onDeath(error);
    this.#isClosing = true;
  }
}
