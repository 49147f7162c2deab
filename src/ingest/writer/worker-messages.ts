/** What the server's thread and the writer's thread say to each other. */
import type { RejectionBatch, RejectionLimits } from '../recorder.ts';
import type { IngestLimits } from '../request.ts';
import type { PackedRequests } from './worker-packing.ts';

/** How the writer's thread is started. */
export interface WriterSetup {
  /** The SQLite file. */
  file: string;
  node: string;
  limits: IngestLimits;
  rejectionLimits: RejectionLimits;
  busyTimeoutMs: number;
}

/** A call, to be answered under the same id. */
export type Call = { id: number } & (
  | { method: 'commit'; argument: PackedRequests }
  | { method: 'record'; argument: RejectionBatch }
  | { method: 'check' | 'close'; argument: null }
);

export type Reply =
  | { kind: 'ready' }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'failure'; id: number; error: unknown }
  /** Something for the log that is the answer to no call. */
  | { kind: 'report'; error: unknown }
  | { kind: 'notice'; sentence: string };
