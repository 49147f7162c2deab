import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FleetError } from '../../domain/errors.ts';
import type { Call, DataSetup, Failure, Reply } from './messages.ts';
import type { Overview } from './overview.ts';
import type { InputOf, OutputOf, Requests } from './requests.ts';

/** The data as the terminal knows them: it asks, and is told when there is something new. */
export interface DataClient {
  ask<Kind extends keyof Requests>(kind: Kind, input: InputOf<Kind>): Promise<OutputOf<Kind>>;
  /** Reads everything anew. */
  refresh(): void;
  close(): Promise<void>;
}

export interface DataListener {
  onOverview: (overview: Overview) => void;
  /** The thread has ended of itself: nothing more will come. */
  onDeath: (error: Error) => void;
}

/** Nearly all that is read stays: a small young generation would copy it about once more. */
const YOUNG_HEAP_MB = 24;

/**
 * 100,000 instances take 65 MB. Left alone, V8 sizes the heap by the memory of the machine and lets
 * garbage fill it; the bound makes it collect. A fleet that does not fit gets the next one.
 */
const HEAPS_MB = [160, 640, 2560] as const;

interface Pending {
  call: Call;
  resolve: (output: never) => void;
  reject: (error: Error) => void;
}

/** Starts the thread of the data. */
export function startData(setup: DataSetup, listener: DataListener): DataClient {
  return new DataThread(setup, listener);
}

class DataThread implements DataClient {
  readonly #setup: DataSetup;
  readonly #listener: DataListener;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker;
  #heap = 0;
  #lastId = 0;
  #isClosing = false;

  constructor(setup: DataSetup, listener: DataListener) {
    this.#setup = setup;
    this.#listener = listener;
    this.#worker = this.#start();
  }

  ask<Kind extends keyof Requests>(kind: Kind, input: InputOf<Kind>): Promise<OutputOf<Kind>> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const call = { id: this.#lastId, kind, input };
      this.#pending.set(call.id, { call, resolve, reject });
      this.#worker.postMessage(call);
    });
  }

  refresh(): void {
    this.#worker.postMessage('refresh');
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    // The thread runs the same kind of file as this one: .ts from source, .js when built.
    const url = new URL(`./data-thread${extname(import.meta.url)}`, import.meta.url);
    const maxOldGenerationSizeMb = HEAPS_MB[this.#heap] ?? HEAPS_MB[0];
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_HEAP_MB, maxOldGenerationSizeMb };
    const worker = new Worker(url, { workerData: this.#setup, resourceLimits });
    worker.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
    worker.on('exit', (code) => {
      // One that was replaced has said so before.
      if (worker === this.#worker)
        this.#end(new Error(`The data's thread ended with code ${code}.`));
    });
    worker.on('message', (reply: Reply) => this.#hear(reply));
    return worker;
  }

  #fail(error: NodeJS.ErrnoException): void {
    const isLast = this.#heap === HEAPS_MB.length - 1;
    if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY' || isLast) this.#end(error);
    else this.#startLarger();
  }

  #startLarger(): void {
    this.#heap += 1;
    this.#worker = this.#start();
    for (const { call } of this.#pending.values()) this.#worker.postMessage(call);
  }

  #hear(reply: Reply): void {
    if (reply.kind === 'overview') this.#listener.onOverview(reply.overview);
    else if (reply.kind === 'refusal') this.#end(revive(reply.failure));
    else this.#settle(reply);
  }

  #settle(reply: Extract<Reply, { id: number }>): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'answer') waiting?.resolve(reply.output as never);
    else waiting?.reject(revive(reply.failure));
  }

  #end(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    if (!this.#isClosing) this.#listener.onDeath(error);
    this.#isClosing = true;
  }
}

/** The class of an error is lost between threads. */
function revive({ code, message, hint }: Failure): FleetError {
  return new FleetError(code, message, hint === null ? {} : { hint });
}
