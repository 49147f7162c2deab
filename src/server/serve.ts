/** A whole server: database, writer, rejection log, HTTP; started and stopped in order. */
import type { X509Certificate } from 'node:crypto';
import { Server as HttpsServer } from 'node:https';
import type { BatcherLimits } from '../ingest/batcher.ts';
import { Lanes } from '../ingest/lanes.ts';
import { RejectionRecorder } from '../ingest/recorder.ts';
import type { Writer } from '../ingest/writer/writer.ts';
import { createApp } from './app.ts';
import { ByteBudget } from './byte-budget.ts';
import { closeGently, listen, type Server, urlOf } from './listen.ts';
import { openWriter, type WriterOptions } from './open-writer.ts';
import { createQuietLog, type QuietLog } from './quiet-log.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import type { TlsFiles } from './tls/files.ts';
import { readTlsMaterial, type TlsMaterial, toContextOptions } from './tls/material.ts';
import { within } from './within.ts';

export interface ServeOptions extends WriterOptions {
  /** The files of the certificate; null listens without TLS. */
  tls: TlsFiles | null;
  batcherLimits: BatcherLimits;
  shutdownTimeoutMs: number;
}

export interface RunningServer {
  url: string;
  /** The certificates that it started with; none without TLS. */
  chain: readonly X509Certificate[];
  /** Takes the certificate from its files now, and logs what came of it. */
  reloadCertificate: () => Promise<void>;
  /** Answers what was accepted, writes what was refused, and closes the database; rejects when that takes too long. */
  stop: () => Promise<void>;
}

/** What of the time for stopping is left for the database once all connections are closed. */
const WRITE_TIME_MS = 1_000;

/** Starts a server; it takes traffic when the promise resolves. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const log = createQuietLog(options.logger, options.clock);
  // First, so that a certificate that is no good leaves no database behind.
  const material = options.tls && (await readTlsMaterial(options.tls));
  const writer = await openWriter(options, log);
  try {
    return await startOn(writer, options, { log, material });
  } catch (error) {
    await writer.close();
    throw error;
  }
}

async function startOn(
  writer: Writer,
  options: ServeOptions,
  { log, material }: { log: QuietLog; material: TlsMaterial | null },
): Promise<RunningServer> {
  const { clock, limits, endpoint } = options;
  const lanes = new Lanes(writer, {
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
    submit: (request) => lanes.submit(request),
    submitBatch: (request) => lanes.submitBatch(request),
    record: (refused) => recorder.record(refused),
    count: (refused) => recorder.count(refused),
    skip: (refused) => recorder.skip(refused),
    uploads: new ByteBudget(limits.uploadBytes),
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
      const { shutdownTimeoutMs: limitMs } = options;
      const writing = async () => {
        await watch?.stop();
        await closeGently(server, limitMs - Math.min(WRITE_TIME_MS, limitMs / 2));
        await lanes.drain();
        await recorder.close();
        await writer.close();
      };
      await within(limitMs, writing());
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

async function findFault(writer: Writer): Promise<string | null> {
  try {
    await writer.check();
    return null;
  } catch {
    return 'The database does not answer.';
  }
}
