import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

export type KeeperRequest = { do: 'postgres' } | { do: 'watch' | 'unwatch'; pid: number };
export type KeeperReply = { postgresUrl?: string; error?: string };

/** Sends one request to the keeper (of this run) and returns its reply; throws what it reports. */
export async function askKeeper(
  request: KeeperRequest,
  socketPath = inject('keeperSocket'),
): Promise<KeeperReply> {
  const socket = createConnection(socketPath);
  socket.write(`${JSON.stringify(request)}\n`);
  const reply: KeeperReply = JSON.parse(await text(socket));
  if (reply.error) throw new Error(reply.error);
  return reply;
}
