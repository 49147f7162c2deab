import { once } from 'node:events';
import { Agent, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { MessageOutcome } from '../../src/ingest/outcome.ts';
import { createApp } from '../../src/server/app.ts';
import { ByteBudget } from '../../src/server/byte-budget.ts';
import { closeGently, type Endpoint, listen, urlOf } from '../../src/server/listen.ts';

const ACCEPTED: MessageOutcome = {
  ok: true,
  accepted: 1,
  isDuplicate: false,
  warnings: [],
  tokenExpiresAtMs: null,
};
const LOCAL: Endpoint = { host: '127.0.0.1', port: 0 };
const PATH = '/api/ingest/acme/m1/app/heartbeat';
const HEAD = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abcdefgh\r\n`;
const LONG_MS = 20_000;

const open: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server whose commits resolve when told to, and what it was told by the app. */
async function start(
  endpoint = LOCAL,
  submit: () => Promise<MessageOutcome> = async () => ACCEPTED,
  uploadBytes = 1e9,
) {
  const seen = { recorded: [] as string[], counted: 0, errors: [] as unknown[] };
  const app = createApp({
    submit,
    submitBatch: () => Promise.reject(new Error('no batch is sent')),
    record: ({ reason }) => seen.recorded.push(reason),
    count: () => {
      seen.counted += 1;
    },
    skip: () => undefined,
    uploads: new ByteBudget(uploadBytes),
    findUnreadiness: async () => null,
    onError: (error) => seen.errors.push(error),
    clock: Date.now,
    limits: DEFAULT_INGEST_LIMITS,
  });
  const server = await listen(app, endpoint);
  open.push(server);
  return { server, seen, port: (server.address() as AddressInfo).port };
}

/** A raw connection, and all that came back over it. */
async function dial(port: number) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, closed, read: () => text };
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('listening', () => {
  it('on a port in use is a conflict, with another port as the way on', async () => {
    const { port } = await start();
    const error = await start({ host: '127.0.0.1', port }).catch((reason) => reason);
    expect(error).toBeInstanceOf(FleetError);
    expect(error).toMatchObject({ code: 'conflict', exit: 5 });
    expect(error.message).toBe(`Something else listens on 127.0.0.1:${port} already.`);
    expect(error.hint).toBe(`fleet serve --port ${port + 1}`);
  });

  it.each(['192.0.2.1', 'no-such-host.invalid'])(
    'on %s, which is no address of this machine, is a matter of the configuration',
    async (host) => {
      const error = await start({ host, port: 0 }).catch((reason) => reason);
      expect(error).toMatchObject({ code: 'configuration', hint: 'fleet serve --host 127.0.0.1' });
      expect(error.message).toBe(`${host} is no address of this machine.`);
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::1', '[::1]'],
    ['::', '[::1]'],
  ])('on %s is reached under a URL on %s', async (host, shown) => {
    const { server, port } = await start({ host, port: 0 });
    expect(urlOf(server)).toBe(`http://${shown}:${port}`);
    expect((await fetch(`${urlOf(server)}/healthz`)).status).toBe(200);
  });
});

describe('a request over a socket', () => {
  it('of HTTP/1.0 needs no Host header', async () => {
    const { port } = await start();
    const { socket, closed, read } = await dial(port);
    socket.write(
      `POST ${PATH} HTTP/1.0\r\nAuthorization: Bearer abcdefgh\r\nContent-Length: 2\r\n\r\n{}`,
    );
    await closed;
    expect(read()).toContain('200 OK');
  });

  it.each([
    ['a declared length', 'Content-Length: 100\r\n\r\n{"version"'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"ver\r\n'],
  ])('that breaks off in %s is counted and is no error', async (_, rest) => {
    const { port, seen } = await start();
    const { socket } = await dial(port);
    socket.write(HEAD + rest);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await waitUntil(() => seen.counted > 0);
    expect(seen).toEqual({ recorded: [], counted: 1, errors: [] });
  });

  it.each([
    ['a declared length', { 'content-length': 8 * 1024 * 1024 }],
    ['chunks', { 'transfer-encoding': 'chunked' }],
  ])('whose body of %s is too large is told so while it still sends', async (_, headers) => {
    const { port, seen } = await start();
    const authorization = 'Bearer abcdefgh';
    const options = { port, path: PATH, method: 'POST', headers: { ...headers, authorization } };
    const sent = request({ host: '127.0.0.1', ...options });
    sent.on('error', () => undefined);
    sent.end(Buffer.alloc(8 * 1024 * 1024));
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
    expect(seen).toEqual({ recorded: ['payload_too_large'], counted: 0, errors: [] });
  });

  it('that is too large is skipped for a moment, so that its sender gets to read the answer', async () => {
    const { port, seen } = await start();
    const { socket, closed, read } = await dial(port);
    socket.write(`${HEAD}Content-Length: 9000000\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitUntil(() => read().includes('413'));
    socket.write(Buffer.alloc(1_000_000));
    await closed;
    expect(read().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413']);
    expect(seen.recorded).toEqual(['payload_too_large']);
  });

  it('that is too large gives way to the next one once all of it has arrived', async () => {
    const { port } = await start();
    const { socket, read } = await dial(port);
    socket.write(`${HEAD}Content-Length: 9000000\r\n\r\n`);
    socket.write(Buffer.alloc(9_000_000));
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await waitUntil(() => read().includes('200'));
    expect(read().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  it('that is refused unread, because too much is under way, is skipped up to the next one', async () => {
    const { port, seen } = await start(LOCAL, async () => ACCEPTED, 1_000);
    const { socket, read } = await dial(port);
    const next = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(`${HEAD}Content-Length: 50000\r\n\r\n${next.padEnd(50_000)}${next}`);
    await waitUntil(() => read().includes('200'));
    expect(read().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']);
    expect(seen).toEqual({ recorded: [], counted: 1, errors: [] });
  });
});

describe('closing gently', () => {
  it('finishes the request under way on a kept-alive connection and is done soon', async () => {
    const commit = Promise.withResolvers<MessageOutcome>();
    let submitted = 0;
    const { server, port } = await start(LOCAL, () => {
      submitted += 1;
      return submitted === 1 ? Promise.resolve(ACCEPTED) : commit.promise;
    });
    const { socket, closed, read } = await dial(port);
    socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`);
    await waitUntil(() => read().includes('"accepted":1'));
    socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`);
    await waitUntil(() => submitted === 2);
    const startedAtMs = performance.now();
    const isClosed = closeGently(server, LONG_MS);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    commit.resolve(ACCEPTED);
    await isClosed;
    await closed;
    expect(read().match(/200 OK/g)).toHaveLength(2);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });

  it('does not wait for connections on which nothing is under way', async () => {
    const { server } = await start();
    const agent = new Agent({ keepAlive: true });
    const sent = request(`${urlOf(server)}/healthz`, { agent }).end();
    const [response] = await once(sent, 'response');
    response.resume();
    await once(response, 'end');
    const startedAtMs = performance.now();
    await closeGently(server, LONG_MS);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
    agent.destroy();
  });

  it('does not wait for a connection that has sent nothing', async () => {
    const { server, port } = await start();
    const accepted = once(server, 'connection');
    const { closed } = await dial(port);
    await accepted;
    const startedAtMs = performance.now();
    await closeGently(server, LONG_MS);
    await closed;
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('breaks off what takes longer than the limit', async () => {
    let submitted = 0;
    const { server, port } = await start(LOCAL, () => {
      submitted += 1;
      return new Promise(() => undefined);
    });
    const { socket, closed, read } = await dial(port);
    socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`);
    await waitUntil(() => submitted === 1);
    await closeGently(server, 100);
    await closed;
    expect(read()).toBe('');
  });
});
