import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FleetError } from '../../domain/errors.ts';
import type { Call, DataSetup, Reply } from './messages.ts';
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

/**
 * 100,000 instances take 65 MB. Left alone, V8 sizes the heap by the memory of the machine and lets
 * garbage fill it; the bound makes it collect, and leaves room for a fleet of several times the size.
 */
const LEAST_HEAP_MB = 256;
const HEAP_MB_PER_INSTANCE = 2 / 1024;
const YOUNG_HEAP_MB = 8;

interface Pending {
  resolve: (output: never) => void;
  reject: (error: Error) => void;
}

/** Starts the thread of the data. */
export function startData(setup: DataSetup, listener: DataListener): DataClient {
  // The thread runs the same kind of file as this one: .ts from source, .js when built.
  const url = new URL(`./data-thread${extname(import.meta.url)}`, import.meta.url);
  const heapMb = Math.max(LEAST_HEAP_MB, Math.ceil(setup.instances * HEAP_MB_PER_INSTANCE));
  const resourceLimits = {
    maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
    maxOldGenerationSizeMb: heapMb,
  };
  const worker = new Worker(url, { workerData: setup, resourceLimits });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let isClosing = false;
  const end = (error: Error) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    if (!isClosing) listener.onDeath(error);
    isClosing = true;
  };
  worker.on('error', (error) => end(error as Error));
  worker.on('exit', (code) => end(new Error(`The thread of the data ended with code ${code}.`)));
  worker.on('message', (reply: Reply) => {
    if (reply.kind === 'overview') return listener.onOverview(reply.overview);
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind === 'answer') waiting?.resolve(reply.output as never);
    else waiting?.reject(revive(reply));
  });
  return {
    ask: (kind, input) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        pending.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, kind, input } satisfies Call);
      }),
    refresh: () => worker.postMessage('refresh'),
    close: async () => {
      isClosing = true;
      await worker.terminate();
    },
  };
}

function revive({ failure }: Extract<Reply, { kind: 'failure' }>): FleetError {
  const { code, message, hint } = failure;
  return new FleetError(code, message, hint === null ? {} : { hint });
}
