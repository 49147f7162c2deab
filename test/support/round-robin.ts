import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface RoundRobin {
  url: string;
  stop: () => Promise<void>;
}

/** A load balancer as small as can be: it passes each request on to the next server, whoever sent it. */
export async function startRoundRobin(servers: readonly string[]): Promise<RoundRobin> {
  let turn = 0;
  const balancer = createServer((incoming, outgoing) => {
    const server = servers[turn++ % servers.length] ?? '';
    passOn(incoming, outgoing, server).catch(() => outgoing.destroy());
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  return {
    url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    stop: async () => {
      balancer.close();
      balancer.closeAllConnections();
    },
  };
}

/**
 * Takes the whole request before it passes it on: a server that answers before it has read everything
 * breaks off the rest, and the answer may be lost to whoever still writes. On both sides each request
 * has a connection of its own: one that was kept can be ended just as it is used again.
 */
async function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  server: string,
): Promise<void> {
  const body = await buffer(incoming);
  const { method, url } = incoming;
  const { connection: _, 'transfer-encoding': __, ...sent } = incoming.headers;
  const length = { 'content-length': body.length };
  const passed = request(`${server}${url}`, {
    method,
    headers: { ...sent, ...length },
    agent: false,
  });
  passed.end(body);
  // What fails once the answer has begun no longer matters, but would end the process unheard.
  passed.on('error', () => undefined);
  const [answer] = (await once(passed, 'response')) as [IncomingMessage];
  // What the server says of its connection says nothing about the one to the client.
  const { connection: ___, 'keep-alive': ____, ...answered } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 502, { ...answered, connection: 'close' });
  outgoing.end(await buffer(answer));
}
