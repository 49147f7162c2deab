import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RoundRobin {
  url: string;
  stop: () => Promise<void>;
}

/** A load balancer as small as can be: it passes each request on to the next server, whoever sent it. */
export async function startRoundRobin(servers: readonly string[]): Promise<RoundRobin> {
  // A connection of its own for each request: one that was kept may be ended as it is used again.
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  const balancer = createServer((incoming, outgoing) => {
    const server = servers[turn++ % servers.length] ?? '';
    passOn(incoming, outgoing, { server, agent });
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  return {
    url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    stop: async () => {
      agent.destroy();
      balancer.close();
      balancer.closeAllConnections();
    },
  };
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { server, agent }: { server: string; agent: Agent },
): void {
  const { method, headers, url } = incoming;
  const passed = request(`${server}${url}`, { method, headers, agent }, (answer) => {
    // Speaks of the connection to the server, not of the one to the client.
    const { connection: _, 'keep-alive': __, ...answered } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, answered);
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  passed.on('error', () => {
    // A server that answers before it has read everything breaks off the rest of the request.
    if (outgoing.headersSent) incoming.resume();
    else outgoing.destroy();
  });
  incoming.pipe(passed);
}
