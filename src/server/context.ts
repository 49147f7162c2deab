import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Outcome } from '../ingest/outcome.ts';
import type { RefusedRequest } from '../ingest/recorder.ts';
import type { IngestLimits, IngestRequest } from '../ingest/request.ts';

/** What the HTTP app needs of the rest of the server. */
export interface AppServices {
  submit: (request: IngestRequest) => Promise<Outcome>;
  /** Notes a refusal for the rejection log. */
  record: (refused: RefusedRequest) => void;
  /** Counts what is refused but not logged. */
  count: () => void;
  /** Why no traffic should come here at present, or null when it may. */
  findUnreadiness: () => Promise<string | null>;
  onError: (error: unknown, requestId: string) => void;
  clock: () => number;
  limits: IngestLimits;
}

/** The bindings are absent where a test calls the app without a socket. */
export type AppEnv = { Bindings: Partial<HttpBindings> };
export type AppContext = Context<AppEnv>;
