import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const followed = new WeakMap<object, Map<string, Socket>>();

/**
 * Keeps an eye on connections that have not sent a request yet, or not even finished their
 * handshake. Node counts the former as busy until their headers are overdue, and does not know the
 * latter.
 */
export function followSilentConnections(server: Pick<Server, 'on'>): void {
  const silent = new Map<string, Socket>();
  followed.set(server, silent);
  server.on('connection', (socket) => {
    const name = nameConnection(socket);
    silent.set(name, socket);
    socket.once('close', () => {
      if (silent.get(name) === socket) silent.delete(name);
    });
  });
  // With TLS the socket of a request is another object than the one of its connection; what they
  // share is the address.
  server.on('request', ({ socket }) => silent.delete(nameConnection(socket)));
}

/** Breaks off the connections of which no request is known. */
export function breakOffSilentConnections(server: object): void {
  for (const socket of followed.get(server)?.values() ?? []) socket.destroy();
}

function nameConnection({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
