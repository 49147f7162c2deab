/** A TLS client that holds its connection, and the files of a certificate. */
import { once } from 'node:events';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { pino } from 'pino';
import type { TlsFiles } from '../../src/server/tls/files.ts';
import type { Pair } from './certificates.ts';
import { createScratchDirectory } from './databases.ts';

export interface Connection {
  socket: TLSSocket;
  /** The name in the certificate that the server showed. */
  name: string;
  /** Sends a request over this connection and returns the first line of the answer. */
  ask: () => Promise<string>;
}

/** Opens a connection and completes the handshake; rejects if either side refuses it. */
export async function openConnection(
  port: number,
  options: ConnectionOptions,
): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, ...options });
  await once(socket, 'secureConnect');
  // What breaks later shows in `ask`.
  socket.on('error', () => undefined);
  const ask = async () => {
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    const [chunk] = await Promise.race([
      once(socket, 'data'),
      once(socket, 'close').then(() => ['closed']),
    ]);
    return String(chunk).split('\r\n', 1)[0] ?? '';
  };
  return { socket, name: String(socket.getPeerCertificate().subject.CN), ask };
}

/** Writes a certificate and its key into a directory of their own. */
export async function writeTlsFiles(pair: Pair): Promise<TlsFiles> {
  const directory = await createScratchDirectory();
  const files = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
  await writePair(files, pair);
  return files;
}

/** Writes the certificate, then the key, over what is there. */
export async function writePair({ certFile, keyFile }: TlsFiles, pair: Pair): Promise<void> {
  await writeFile(certFile, pair.cert);
  await writeFile(keyFile, pair.key);
}

/** Keeps certificates as certbot does: `live/` has symlinks, each of which a renewal swaps to a new file in `archive/`. */
export async function createLiveDirectory(pair: Pair) {
  const directory = await createScratchDirectory();
  const [live, archive] = [join(directory, 'live'), join(directory, 'archive')];
  await mkdir(live);
  await mkdir(archive);
  let generation = 0;
  const put = async (name: string, text: string) => {
    await writeFile(join(archive, `${name}${generation}.pem`), text);
    await symlink(join('..', 'archive', `${name}${generation}.pem`), join(live, `${name}.new`));
    await rename(join(live, `${name}.new`), join(live, `${name}.pem`));
  };
  const renew = async (next: Pair) => {
    generation += 1;
    await put('fullchain', next.cert);
    await put('privkey', next.key);
  };
  await renew(pair);
  const files = { certFile: join(live, 'fullchain.pem'), keyFile: join(live, 'privkey.pem') };
  return { files, renew };
}

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A logger, and the lines that were written with it. */
export function createLog() {
  const lines: LogLine[] = [];
  const logger = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines };
}
