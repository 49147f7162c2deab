/** An HTTP app without a server behind it. */
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { BatchOutcome, MessageOutcome } from '../../src/ingest/outcome.ts';
import type { RefusedRequest } from '../../src/ingest/recorder.ts';
import type { BatchRequest, MessageRequest } from '../../src/ingest/request.ts';
import { createApp } from '../../src/server/app.ts';
import { ByteBudget } from '../../src/server/byte-budget.ts';
import type { AppServices } from '../../src/server/context.ts';

export const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
export const TOKEN = 'not-a-token-of-ours-123456';
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

const NOTHING_TO_SAY = { warnings: [], tokenExpiresAtMs: null };

export const ACCEPTED: MessageOutcome = {
  ok: true,
  accepted: 1,
  isDuplicate: false,
  ...NOTHING_TO_SAY,
};

export const ACCEPTED_BATCH: BatchOutcome = {
  ok: true,
  accepted: 2,
  rejected: [],
  logged: [],
  ...NOTHING_TO_SAY,
};

/** An app whose services note what they are told; what is committed is the outcome given. */
export function createObservedApp(options: Partial<AppServices> = {}) {
  const seen = {
    submitted: [] as MessageRequest[],
    batches: [] as BatchRequest[],
    recorded: [] as RefusedRequest[],
    counted: 0,
    skipped: 0,
    errors: [] as { error: unknown; requestId: string }[],
  };
  const app = createApp({
    submit: async (request) => {
      seen.submitted.push(request);
      return ACCEPTED;
    },
    submitBatch: async (request) => {
      seen.batches.push(request);
      return ACCEPTED_BATCH;
    },
    record: (refused) => seen.recorded.push(refused),
    count: (refused = 1) => {
      seen.counted += refused;
    },
    skip: (refused) => {
      seen.skipped += refused;
    },
    uploads: new ByteBudget(DEFAULT_INGEST_LIMITS.uploadBytes),
    findUnreadiness: async () => null,
    onError: (error, requestId) => seen.errors.push({ error, requestId }),
    clock: () => NOW_MS,
    limits: DEFAULT_INGEST_LIMITS,
    ...options,
  });
  return { app, seen };
}

export interface PostInit extends Omit<RequestInit, 'headers'> {
  headers?: Record<string, string>;
}

/** A body that comes in chunks and without a declared length. */
export function streamOf(...chunks: (string | Error)[]): PostInit {
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk instanceof Error) controller.error(chunk);
      else if (chunk === undefined) controller.close();
      else controller.enqueue(Buffer.from(chunk));
    },
  });
  return { body, duplex: 'half' } as PostInit;
}
