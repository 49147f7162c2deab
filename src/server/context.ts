import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { BatchOutcome, MessageOutcome } from '../ingest/outcome.ts';
import type { RefusedRequest } from '../ingest/recorder.ts';
import type { BatchRequest, IngestLimits, MessageRequest } from '../ingest/request.ts';
import type { ByteBudget } from './byte-budget.ts';

/** What the HTTP app needs of the rest of the server. */
export interface AppServices {
  submit: (request: MessageRequest) => Promise<MessageOutcome>;
  submitBatch: (request: BatchRequest) => Promise<BatchOutcome>;
  /** Notes a refusal for the rejection log. */
  record: (refused: RefusedRequest) => void;
  /** Counts what is refused but not logged; one where no number is given. */
  count: (refused?: number) => void;
  /** Counts what should be logged and is beyond the bounds of the log. */
  skip: (refused: number) => void;
  /** For bodies that are arriving, over all connections. */
  uploads: ByteBudget;
  /** Why no traffic should come here at present, or null when it may. */
  findUnreadiness: () => Promise<string | null>;
  onError: (error: unknown, requestId: string) => void;
  clock: () => number;
  limits: IngestLimits;
}

/** The bindings are absent where a test calls the app without a socket. */
export type AppEnv = { Bindings: Partial<HttpBindings> };
export type AppContext = Context<AppEnv>;
