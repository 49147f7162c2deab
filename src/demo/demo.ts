/** A whole installation for a look: a server, a database of its own, and a fleet that speaks to it. */
import pino, { type Logger } from 'pino';
import type { DatabaseLocation } from '../db/connection/location.ts';
import { openOrCreateDatabase } from '../db/connection/open.ts';
import { DEFAULT_BATCHER_LIMITS } from '../ingest/batcher.ts';
import { DEFAULT_INGEST_LIMITS } from '../ingest/limits.ts';
import { DEFAULT_REJECTION_LIMITS } from '../ingest/recorder.ts';
import { type RunningServer, startServer } from '../server/serve.ts';
import { createClient, type Send } from './client.ts';
import { type Credentials, createCustomers, shortenLimits } from './credentials.ts';
import { type Device, planFleet } from './fleet.ts';
import { choosePace, type Pace } from './pace.ts';
import { acknowledgeErrors, requireUninterrupted, sendPast } from './past.ts';
import { toPastRequests } from './requests.ts';
import { Schedule } from './schedule.ts';
import { type Simulator, startSimulator } from './simulator.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

export interface DemoOptions {
  machines: number;
  /** Who the audit trail says made the customers. */
  actor: string;
  clock: () => number;
  /** Gives up while the demo is being prepared. */
  signal: AbortSignal;
}

export interface Demo {
  url: string;
  location: DatabaseLocation;
  logFile: string;
  /** Ends the devices and the server, and removes everything. */
  stop(): Promise<void>;
}

interface Scene {
  server: RunningServer;
  location: DatabaseLocation;
  devices: readonly Device[];
  pace: Pace;
  logger: Logger;
}

const SHUTDOWN_MS = 5_000;

/** Starts a demo; its fleet has a past and speaks when the promise resolves. Throws `interrupted`. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const workplace = createWorkplace();
  let server: RunningServer | undefined;
  try {
    const logger = pino({ base: null }, pino.destination({ dest: workplace.logFile, sync: true }));
    const location = { kind: 'sqlite', file: workplace.databaseFile } as const;
    server = await serve(location, options, logger);
    const devices = planFleet(options.machines);
    const scene = { server, location, devices, pace: choosePace(options.machines), logger };
    const simulator = await begin(scene, options);
    return describeDemo(scene, simulator, workplace);
  } catch (error) {
    await server?.stop();
    workplace.remove();
    throw error;
  }
}

function describeDemo(
  { server, location }: Scene,
  simulator: Simulator,
  { logFile, remove }: Workplace,
): Demo {
  return {
    ...{ url: server.url, location, logFile },
    stop: async () => {
      try {
        await simulator.stop();
        await server.stop();
      } finally {
        remove();
      }
    },
  };
}

async function serve(
  location: DatabaseLocation,
  { clock }: DemoOptions,
  logger: Logger,
): Promise<RunningServer> {
  return await startServer({
    location,
    endpoint: { host: '127.0.0.1', port: 0 },
    tls: null,
    limits: DEFAULT_INGEST_LIMITS,
    batcherLimits: DEFAULT_BATCHER_LIMITS,
    rejectionLimits: DEFAULT_REJECTION_LIMITS,
    shutdownTimeoutMs: SHUTDOWN_MS,
    clock,
    logger,
    onDeath: (error) => {
      logger.fatal({ err: error }, 'the writer ended; the server cannot go on');
      process.exit(70);
    },
  });
}

/** Makes the customers, gives them a past, and lets the devices speak. */
async function begin(scene: Scene, options: DemoOptions): Promise<Simulator> {
  const { server, devices, pace, logger } = scene;
  const { clock, signal } = options;
  const startMs = clock();
  const send = createClient(server.url);
  const schedule = new Schedule(devices, pace);
  const credentials = await prepare(scene, options, { schedule, send, startMs });
  requireUninterrupted(signal);
  const onError = (error: unknown) => logger.warn({ err: error }, 'a device got no answer');
  return startSimulator({ schedule, credentials, send, startMs, clock, onError });
}

async function prepare(
  { location, devices, pace }: Scene,
  { actor, clock, signal }: DemoOptions,
  { schedule, send, startMs }: { schedule: Schedule; send: Send; startMs: number },
): Promise<Credentials> {
  const db = await openOrCreateDatabase(location);
  try {
    const credentials = await createCustomers(db, devices, { nowMs: startMs, actor });
    const ageMsOf = ({ atMs }: { atMs: number }) => clock() - startMs - atMs;
    const past = toPastRequests(schedule.takeUntil(0), credentials, ageMsOf);
    await sendPast(past, send, signal);
    await shortenLimits(db, pace, { nowMs: clock(), actor });
    await acknowledgeErrors(db, devices, { nowMs: clock(), actor });
    return credentials;
  } finally {
    await db.destroy();
  }
}
