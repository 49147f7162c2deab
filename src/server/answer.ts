import type { OutgoingHttpHeaders } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { AppContext } from './context.ts';

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Sends an answer straight through Node's own response where there is a socket: node-server reads
 * the body of a Response as a stream, and that alone takes more time than all the rest of a request
 * (an empty app answered 13,700 requests a second with it and 30,000 without).
 */
export function send(c: AppContext, { status, headers, body }: Answer): Response {
  const outgoing = c.env?.outgoing;
  if (!outgoing) return new Response(body, { status, headers });
  const length = { 'Content-Length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length } as OutgoingHttpHeaders);
  outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}
