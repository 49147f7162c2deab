/** A whole server: database, writer, rejection log, HTTP; started and stopped in order. */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { DatabaseLocation } from '../db/location.ts';
import { type Migrated, openAndMigrateDatabase, openDatabase } from '../db/open.ts';
import { formatDuration } from '../domain/duration.ts';
import { FleetError } from '../domain/errors.ts';
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
  /** Answers what was accepted, writes what was refused, and closes the database; rejects when that takes too long. */
  stop: () => Promise<void>;
}

const BUSY_TIMEOUT_MS = 5_000;
const POSTGRES_POOL_SIZE = 4;
/** What of the time for stopping is left for the database once all connections are closed. */
const WRITE_TIME_MS = 1_000;
const POSTGRES_SILENCE_MS = 15_000;

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
      const { shutdownTimeoutMs: limitMs } = options;
      const writing = async () => {
        await closeGently(server, limitMs - Math.min(WRITE_TIME_MS, limitMs / 2));
        await batcher.drain();
        await recorder.close();
        await writer.close();
      };
      await within(limitMs, writing());
    },
  };
}

async function createWriter(options: ServeOptions, log: QuietLog): Promise<Writer> {
  const { location, clock, limits, rejectionLimits, onDeath } = options;
  const node = nameNode(options.endpoint);
  const onContentFailure = (error: unknown) => log('A message could not be stored.', error);
  const onNotice = (sentence: string) => options.logger.warn(sentence);
  const told = { onContentFailure, onNotice };
  // Apart from the writer's own connections: a migration may take its time.
  const onMigrate = (migrated: Migrated) => options.logger.info(migrated, 'database migrated');
  await (await openAndMigrateDatabase(location, { onMigrate })).destroy();
  if (location.kind === 'postgres') {
    const connections = { poolSize: POSTGRES_POOL_SIZE, silenceMs: POSTGRES_SILENCE_MS };
    const db = await openDatabase(location, { access: 'write', ...connections });
    return await createLocalWriter({ db, node, clock, limits, rejectionLimits, ...told });
  }
  const busyTimeoutMs = BUSY_TIMEOUT_MS;
  const setup = { file: location.file, node, limits, rejectionLimits, busyTimeoutMs };
  return await createWorkerWriter(setup, { ...told, onDeath });
}

/** Rejects when the work is not done in time, as when the database does not answer. */
async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(refuseToWait(limitMs)), limitMs);
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function refuseToWait(limitMs: number): FleetError {
  const limit = formatDuration(limitMs);
  return new FleetError(
    'failure',
    `The server could not write everything within ${limit}. What it did not write was not acknowledged either.`,
    { hint: 'fleet serve --shutdown-timeout 30s, and check that the database answers' },
  );
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
