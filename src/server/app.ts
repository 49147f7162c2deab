import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { BrokenUploadError } from './body.ts';
import type { AppContext, AppEnv, AppServices } from './context.ts';
import { readPath } from './path.ts';
import { answerProblem } from './problem.ts';
import { createBatchRoutes } from './routes/batch.ts';
import { createHealthRoutes } from './routes/health.ts';
import { createIngestRoutes } from './routes/ingest.ts';
import { answerUnknownEndpoint } from './unknown-endpoint.ts';

/** The HTTP app of a server: every request has exactly one outcome. */
export function createApp(services: AppServices): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: readPath });
  app.route('/', createHealthRoutes(services));
  app.route('/api/ingest', createIngestRoutes(services));
  app.route('/api/ingest', createBatchRoutes(services));
  app.notFound((c) => answerUnknownEndpoint(c, services));
  app.onError((error, c) => answerError(c, error, services));
  return app;
}

function answerError(c: AppContext, error: Error, services: AppServices): Response {
  services.count();
  if (error instanceof BrokenUploadError) return new Response(null, { status: 400 });
  const requestId = randomUUID();
  services.onError(error, requestId);
  return answerProblem(c, {
    reason: 'internal_error',
    detail: 'The server failed on this request.',
    requestId,
  });
}
