import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { DatabaseLocation } from '../db/connection/location.ts';
import { type Migrated, openAndMigrateDatabase, openDatabase } from '../db/connection/open.ts';
import type { RejectionLimits } from '../ingest/recorder.ts';
import type { IngestLimits } from '../ingest/request.ts';
import { createLocalWriter } from '../ingest/writer/local-writer.ts';
import { createWorkerWriter } from '../ingest/writer/worker-writer.ts';
import type { Writer } from '../ingest/writer/writer.ts';
import type { Endpoint } from './listen.ts';
import type { QuietLog } from './quiet-log.ts';

const BUSY_TIMEOUT_MS = 5_000;
const POSTGRES_POOL_SIZE = 4;
const POSTGRES_SILENCE_MS = 15_000;

export interface WriterOptions {
  location: DatabaseLocation;
  endpoint: Endpoint;
  limits: IngestLimits;
  rejectionLimits: RejectionLimits;
  clock: () => number;
  logger: Logger;
  /** Told that the server cannot go on. */
  onDeath: (error: unknown) => void;
}

/** The writer of a server, after its database was created or brought up to date. */
export async function openWriter(options: WriterOptions, log: QuietLog): Promise<Writer> {
  const { location, clock, limits, rejectionLimits, onDeath } = options;
  const node = nameNode(options.endpoint);
  const onContentFailure = (error: unknown) => log('A message could not be stored.', error);
  const onNotice = (sentence: string) => options.logger.warn(sentence);
  const told = { onContentFailure, onNotice };
  // Apart from the writer's own connections: a migration may take its time.
  const onMigrate = (migrated: Migrated) => {
    if (migrated.outcome === 'upgraded') options.logger.info(migrated, 'database upgraded');
  };
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

/** One row a node: the same name again after a restart. */
function nameNode({ port }: Endpoint): string {
  return `${hostname()}:${port === 0 ? `pid-${process.pid}` : port}`;
}
