import type { Outcome } from '../outcome.ts';
import type { RejectionBatch } from '../recorder.ts';
import type { IngestRequest } from '../request.ts';

/** The one place through which a server writes: in a thread of its own on SQLite, over the pool on PostgreSQL. */
export interface Writer {
  /** One outcome for each request, in their order, once the batch is committed and synced. */
  commit(requests: readonly IngestRequest[]): Promise<Outcome[]>;
  /** Writes refusals to the rejection log; rejects when that fails. */
  record(batch: RejectionBatch): Promise<void>;
  /** Resolves when the database answers. */
  check(): Promise<void>;
  /** Notes the end of the node and closes the database. */
  close(): Promise<void>;
}
