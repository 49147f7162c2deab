import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createSecureServer, Server as HttpsServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { type ErrorCode, FleetError } from '../domain/errors.ts';
import type { AppEnv } from './context.ts';
import { breakOffSilentConnections, followSilentConnections } from './silent-connections.ts';
import type { TlsContents } from './tls/files.ts';
import { toContextOptions } from './tls/material.ts';

export type Server = HttpServer | HttpsServer;

export interface Endpoint {
  host: string;
  port: number;
}

/** Node's own limits are made for web pages behind a proxy; a device sends a few hundred bytes at once. */
const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 8 * 1024,
  insecureHTTPParser: false,
};

/** Node's own is two minutes, and no other timeout runs before a handshake is done. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** A server of the app, over HTTPS if it is given TLS, that listens on the endpoint; throws what an admin can act upon. */
export async function listen(
  app: Pick<Hono<AppEnv>, 'fetch'>,
  endpoint: Endpoint,
  tls: TlsContents | null = null,
): Promise<Server> {
  const { fetch } = app;
  const options = {
    fetch,
    ...(tls ? chooseHttps(tls) : { createServer, serverOptions: SERVER_OPTIONS }),
    overrideGlobalObjects: false,
    // For HTTP/1.0 without a Host header; the name itself is used nowhere.
    hostname: 'localhost',
  };
  const server = createAdaptorServer(options) as Server;
  followSilentConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(describeListenError(error, endpoint)));
    server.listen(endpoint.port, endpoint.host, resolve);
  });
  return server;
}

function chooseHttps(tls: TlsContents) {
  const context = toContextOptions(tls);
  return {
    createServer: createSecureServer,
    serverOptions: { ...SERVER_OPTIONS, ...context, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
  };
}

/** The URL under which a listening server is reached on this machine. */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  const anywhere = { '::': '[::1]', '0.0.0.0': '127.0.0.1' }[address];
  const scheme = server instanceof HttpsServer ? 'https' : 'http';
  return `${scheme}://${anywhere ?? (family === 'IPv6' ? `[${address}]` : address)}:${port}`;
}

const POLL_MS = 50;
/** What was sent before the server stopped listening has arrived by then. */
const SILENCE_MS = 250;
const LAST_PORT = 65_535;

/** Takes no new connection, lets requests under way finish for at most `limitMs`, and resolves when all is closed. */
export async function closeGently(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that is kept alive would hold the server open for its whole timeout.
  server.prependListener('request', (_request, response) =>
    response.setHeader('Connection', 'close'),
  );
  const poll = setInterval(() => server.closeIdleConnections(), POLL_MS);
  const silence = setTimeout(() => breakOffSilentConnections(server), SILENCE_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(poll);
  clearTimeout(silence);
  clearTimeout(limit);
}

interface ListenFault {
  code: ErrorCode;
  say: (endpoint: Endpoint) => string;
  hint: (endpoint: Endpoint) => string;
}

const NO_ADDRESS: ListenFault = {
  code: 'configuration',
  say: ({ host }) => `${host} is no address of this machine.`,
  hint: () => 'fleet serve --host 127.0.0.1',
};

const FAULTS: Readonly<Record<string, ListenFault>> = {
  EADDRINUSE: {
    code: 'conflict',
    say: (endpoint) => `Something else listens on ${joinEndpoint(endpoint)} already.`,
    hint: ({ port }) => `fleet serve --port ${port === LAST_PORT ? 0 : port + 1}`,
  },
  EACCES: {
    code: 'not_permitted',
    say: (endpoint) => `You may not listen on ${joinEndpoint(endpoint)}.`,
    hint: () => 'fleet serve --port 8080',
  },
  EADDRNOTAVAIL: NO_ADDRESS,
  EAFNOSUPPORT: NO_ADDRESS,
  EAI_AGAIN: NO_ADDRESS,
  ENOTFOUND: NO_ADDRESS,
};

function describeListenError(error: Error & { code?: string }, endpoint: Endpoint): Error {
  const fault = FAULTS[error.code ?? ''];
  if (!fault) return error;
  const { code, say, hint } = fault;
  return new FleetError(code, say(endpoint), { hint: hint(endpoint), cause: error });
}

function joinEndpoint({ host, port }: Endpoint): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
