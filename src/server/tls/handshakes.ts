import type { Socket } from 'node:net';
import type { Server } from 'node:tls';

const followed = new WeakMap<object, Map<string, Socket>>();

/** Keeps an eye on connections that have not finished their handshake: the HTTP server does not know them. */
export function followHandshakes(server: Server): void {
  const open = new Map<string, Socket>();
  followed.set(server, open);
  server.on('connection', (socket) => {
    const name = nameConnection(socket);
    open.set(name, socket);
    socket.once('close', () => {
      if (open.get(name) === socket) open.delete(name);
    });
  });
  // The encrypted socket is another object than the one below it; what they share is the address.
  server.on('secureConnection', (socket) => open.delete(nameConnection(socket)));
}

/** Breaks off the handshakes under way, which carry no request yet. */
export function breakOffHandshakes(server: object): void {
  for (const socket of followed.get(server)?.values() ?? []) socket.destroy();
}

function nameConnection({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
