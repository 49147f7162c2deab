import { refuse } from '../ingest/outcome.ts';
import { MESSAGE_KINDS } from '../protocol/messages.ts';
import type { AppContext, AppServices } from './context.ts';
import { readPath } from './path.ts';
import { answerRefusal, type Target, targetBatch } from './refusals.ts';

const INGEST = '/api/ingest/';

const ENDPOINTS = [
  ...MESSAGE_KINDS.map((kind) => `POST ${INGEST}{customer}/{machine}/{software}/${kind}`),
  `POST ${INGEST}{customer}/batch`,
];

const READ_ENDPOINTS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * Answers what no route takes. It is logged where a device is behind it: below `/api/ingest/`, and
 * anywhere with a bearer, since a wrong base URL is a mistake that devices make.
 */
export function answerUnknownEndpoint(c: AppContext, services: AppServices): Response {
  const path = readPath(c.req.raw);
  const isIngest = `${path}/`.startsWith(INGEST);
  if (!isIngest && !hasBearer(c)) return answerUnlogged(c, path);
  const target = readTarget(path);
  const isKnownPath = isIngest && isEndpoint(path);
  const detail = isKnownPath
    ? `${c.req.method} is not for this endpoint: use POST.`
    : `There is no such endpoint. The endpoints are: ${ENDPOINTS.join(', ')}.`;
  const http = isKnownPath ? { status: 405, allow: 'POST' } : {};
  return answerRefusal(c, services, { refusal: refuse('unknown_endpoint', detail), target, http });
}

function answerUnlogged(c: AppContext, path: string): Response {
  if (!READ_ENDPOINTS.has(path)) return c.text('Not found\n', 404);
  return c.text('Method not allowed\n', 405, { Allow: 'GET, HEAD' });
}

function hasBearer(c: AppContext): boolean {
  return /^bearer\b/i.test(c.req.header('authorization')?.trim() ?? '');
}

function isEndpoint(path: string): boolean {
  const parts = path.slice(INGEST.length).split('/');
  if (parts.length === 2) return parts[1] === 'batch';
  return parts.length === 4 && MESSAGE_KINDS.some((kind) => kind === parts[3]);
}

/** The slugs as far as the path has them, so that the log can be searched by customer. */
function readTarget(path: string): Target {
  const isIngest = path.startsWith(INGEST);
  const parts = isIngest ? path.slice(INGEST.length).split('/') : [];
  const [customer = '', machine = '', software = '', ...rest] = parts;
  if (parts.length === 2 && machine === 'batch') return targetBatch(customer);
  return { customer, machine, software, endpoint: isIngest ? rest.join('/') : '' };
}
