/** A whole server: database, writer, rejection log, HTTP; started and stopped in order. */
import type { X509Certificate } from 'node:crypto';
import { Server as HttpsServer } from 'node:https';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { DatabaseLocation } from '../db/location.ts';
import { openAndMigrateDatabase } from '../db/open.ts';
import { Batcher, type BatcherLimits } from '../ingest/batcher.ts';
import { createLocalWriter } from '../ingest/local-writer.ts';
import { type RejectionLimits, RejectionRecorder } from '../ingest/recorder.ts';
import type { IngestLimits } from '../ingest/request.ts';
import { createWorkerWriter } from '../ingest/worker-writer.ts';
import type { Writer } from '../ingest/writer.ts';
import { createApp } from './app.ts';
import { closeGently, type Endpoint, listen, type Server, urlOf } from './listen.ts';
import { createQuietLog } from './quiet-log.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import type { TlsFiles } from './tls/files.ts';
import { readTlsMaterial, type TlsMaterial, toContextOptions } from './tls/material.ts';

export interface ServeOptions {
  location: DatabaseLocation;
  endpoint: Endpoint;
  /** The files of the certificate; null listens without TLS. */
  tls: TlsFiles | null;
  limits: IngestLimits;
  rejectionLimits: RejectionLimits;
  batcherLimits: BatcherLimits;
  shutdownTimeoutMs: number;
  clock: () => number;
  logger: Logger;
  /** Told that the server cannot go on. */
  onDeath: (error: unknown) => void;
}

export interface RunningServer {
  url: string;
  /** The certificates that it started with; none without TLS. */
  chain: readonly X509Certificate[];
  /** Takes the certificate from its files now, and logs what came of it. */
  reloadCertificate: () => Promise<void>;
  /** Answers what was accepted, writes what was refused, and closes the database. */
  stop: () => Promise<void>;
}

const BUSY_TIMEOUT_MS = 5_000;
const POSTGRES_POOL_SIZE = 4;

/** Starts a server; it takes traffic when the promise resolves. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const log = createQuietLog(options.logger, options.clock);
  // First, so that a certificate that is no good leaves no database behind.
  const material = options.tls && (await readTlsMaterial(options.tls));
  const writer = await createWriter(options, log);
  try {
    return await startOn(writer, options, { log, material });
  } catch (error) {
    await writer.close();
    throw error;
  }
}

type QuietLog = ReturnType<typeof createQuietLog>;

async function startOn(
  writer: Writer,
  options: ServeOptions,
  { log, material }: { log: QuietLog; material: TlsMaterial | null },
): Promise<RunningServer> {
  const { clock, limits, endpoint } = options;
  const batcher = new Batcher(writer, {
    limits: options.batcherLimits,
    onFailure: (error) => log('A batch could not be committed.', error),
  });
  const recorder = new RejectionRecorder({
    write: (batch) => writer.record(batch),
    clock,
    limits: options.rejectionLimits,
    onError: (error) => log('Refusals could not be written to the rejection log.', error),
  });
  let isStopping = false;
  const app = createApp({
    submit: (request) => batcher.submit(request),
    record: (refused) => recorder.record(refused),
    count: () => recorder.count(),
    findUnreadiness: async () => (isStopping ? 'The server is stopping.' : await findFault(writer)),
    onError: (error, request_id) => log('A request failed.', error, { request_id }),
    clock,
    limits,
  });
  const server = await listen(app, endpoint, material);
  // As when the process has no file descriptors left; without a listener it would end the process.
  server.on('error', (error) => log('A connection could not be accepted.', error));
  const watch = watchCertificate(server, material, options);
  return {
    url: urlOf(server),
    chain: material?.chain ?? [],
    reloadCertificate: async () => {
      if (watch) await watch.reload();
      else options.logger.info('there is no certificate to reload; the server runs without TLS');
    },
    stop: async () => {
      isStopping = true;
      await watch?.stop();
      await closeGently(server, options.shutdownTimeoutMs);
      await batcher.drain();
      await recorder.close();
      await writer.close();
    },
  };
}

function watchCertificate(
  server: Server,
  material: TlsMaterial | null,
  { clock, logger }: ServeOptions,
): CertificateWatch | null {
  if (!material || !(server instanceof HttpsServer)) return null;
  const apply = (next: TlsMaterial) => server.setSecureContext(toContextOptions(next));
  return new CertificateWatch(material, { apply, clock, logger });
}

async function createWriter(options: ServeOptions, log: QuietLog): Promise<Writer> {
  const { location, clock, limits, rejectionLimits, onDeath } = options;
  const node = nameNode(options.endpoint);
  const onContentFailure = (error: unknown) => log('A message could not be stored.', error);
  const db = await openAndMigrateDatabase(location, { poolSize: POSTGRES_POOL_SIZE });
  if (location.kind === 'postgres') {
    return await createLocalWriter({ db, node, clock, limits, rejectionLimits, onContentFailure });
  }
  await db.destroy();
  const busyTimeoutMs = BUSY_TIMEOUT_MS;
  const setup = { file: location.file, node, limits, rejectionLimits, busyTimeoutMs };
  return await createWorkerWriter(setup, { onContentFailure, onDeath });
}

/** One row a node: the same name again after a restart. */
function nameNode({ port }: Endpoint): string {
  return `${hostname()}:${port === 0 ? `pid-${process.pid}` : port}`;
}

async function findFault(writer: Writer): Promise<string | null> {
  try {
    await writer.check();
    return null;
  } catch {
    return 'The database does not answer.';
  }
}
