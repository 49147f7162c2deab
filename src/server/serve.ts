/** A whole server: database, writer, rejection log, HTTP; started and stopped in order. */
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
import { closeGently, type Endpoint, listen, urlOf } from './listen.ts';
import { createQuietLog } from './quiet-log.ts';

export interface ServeOptions {
  location: DatabaseLocation;
  endpoint: Endpoint;
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
  /** Answers what was accepted, writes what was refused, and closes the database. */
  stop: () => Promise<void>;
}

const BUSY_TIMEOUT_MS = 5_000;
const POSTGRES_POOL_SIZE = 4;

/** Starts a server; it takes traffic when the promise resolves. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const log = createQuietLog(options.logger, options.clock);
  const writer = await createWriter(options, log);
  try {
    return await startOn(writer, options, log);
  } catch (error) {
    await writer.close();
    throw error;
  }
}

type QuietLog = ReturnType<typeof createQuietLog>;

async function startOn(
  writer: Writer,
  options: ServeOptions,
  log: QuietLog,
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
  const server = await listen(app, endpoint);
  // As when the process has no file descriptors left; without a listener it would end the process.
  server.on('error', (error) => log('A connection could not be accepted.', error));
  return {
    url: urlOf(server),
    stop: async () => {
      isStopping = true;
      await closeGently(server, options.shutdownTimeoutMs);
      await batcher.drain();
      await recorder.close();
      await writer.close();
    },
  };
}

async function createWriter(options: ServeOptions, log: QuietLog): Promise<Writer> {
  const { location, clock, limits, rejectionLimits, onDeath } = options;
  const node = nameNode(options.endpoint);
  const onContentFailure = (error: unknown) => log('A message could not be stored.', error);
  const onNotice = (sentence: string) => options.logger.warn(sentence);
  const told = { onContentFailure, onNotice };
  const db = await openAndMigrateDatabase(location, { poolSize: POSTGRES_POOL_SIZE });
  if (location.kind === 'postgres') {
    return await createLocalWriter({ db, node, clock, limits, rejectionLimits, ...told });
  }
  await db.destroy();
  const busyTimeoutMs = BUSY_TIMEOUT_MS;
  const setup = { file: location.file, node, limits, rejectionLimits, busyTimeoutMs };
  return await createWorkerWriter(setup, { ...told, onDeath });
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
