/**
 * How large an installation is: bytes in the database for each instance, and of write-ahead log for
 * each heartbeat. The figures of docs/scaling.md.
 *
 *     node bench/state-size.ts [--instances 100000] [--rounds 5] [--on sqlite,postgres]
 */
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Kysely, sql } from 'kysely';
import { parseLocation } from '../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../src/db/connection/open.ts';
import { createCustomer } from '../src/db/customers/changes.ts';
import type { Database } from '../src/db/schema.ts';
import { createToken } from '../src/db/tokens/tokens.ts';
import { hashTokenHex } from '../src/domain/token.ts';
import { type CommitContext, commitBatch } from '../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../src/ingest/limits.ts';
import { NodeLog } from '../src/ingest/node-log.ts';
import type { IngestRequest } from '../src/ingest/request.ts';
import { Turns } from '../src/ingest/turns.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    on: { type: 'string', default: 'sqlite,postgres' },
  },
});
const INSTANCES = Number(values.instances);
const ROUNDS = Number(values.rounds);
const MACHINES_PER_CUSTOMER = 1_000;
const BATCH = 500;
const BEAT_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

/** One instance a machine, with a snapshot and addresses of the usual size. */
const MESSAGES = {
  heartbeat: (at: number, index: number) => ({
    version: '1.4.2',
    uptime_seconds: at / 1000 + index / 10,
    pid: 1000 + (index % 30_000),
    ips: [`10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`],
    hostname: `line-${index}`,
    os: 'Debian GNU/Linux 12',
  }),
  status: (_at: number, index: number) => ({
    status: 'running',
    message: 'Application running',
    snapshot: { cpu: index % 100, memory: 2048, queue: { length: 3, oldest_seconds: 0.25 } },
  }),
  diagnostics: () => ({ diagnostics: [{ code: 1000, message: 'OK', severity: 0 }] }),
} as const;

interface Device {
  customer: string;
  machine: string;
  token: string;
  index: number;
}

async function createDevices(db: Kysely<Database>): Promise<Device[]> {
  const change = { nowMs: START_MS, actor: 'bench' };
  const devices: Device[] = [];
  while (devices.length < INSTANCES) {
    const customer = `customer-${Math.floor(devices.length / MACHINES_PER_CUSTOMER)}`;
    const token = await db.transaction().execute(async (trx) => {
      await createCustomer(trx, { slug: customer }, change);
      return (await createToken(trx, { customer, name: null, expiresAtMs: null }, change)).token;
    });
    const count = Math.min(MACHINES_PER_CUSTOMER, INSTANCES - devices.length);
    for (let each = 0; each < count; each++) {
      devices.push({ customer, machine: `machine-${each}`, token, index: devices.length });
    }
  }
  return devices;
}

function toRequest(device: Device, endpoint: keyof typeof MESSAGES, atMs: number): IngestRequest {
  const { customer, machine, token, index } = device;
  return {
    ...{ endpoint, customer, machine, software: 'line-control' },
    tokenHash: hashTokenHex(token),
    bearer: token,
    body: Buffer.from(JSON.stringify(MESSAGES[endpoint](atMs - START_MS, index))),
    isGzip: false,
    receivedAtMs: atMs,
    address: '192.0.2.1',
  };
}

/** Lets every device send the message once, in batches as a server makes them. */
async function sendAll(
  db: Kysely<Database>,
  devices: readonly Device[],
  { endpoint, atMs }: { endpoint: keyof typeof MESSAGES; atMs: number },
): Promise<void> {
  const nodeLog = new NodeLog({ node: 'bench', startedAtMs: atMs });
  const own = { clock: () => atMs, nodeLog, cache: null, turns: new Turns() };
  const context: CommitContext = { db, limits: DEFAULT_INGEST_LIMITS, ...own };
  for (let at = 0; at < devices.length; at += BATCH) {
    const batch = devices.slice(at, at + BATCH);
    const outcomes = await commitBatch(
      context,
      batch.map((device) => toRequest(device, endpoint, atMs)),
    );
    const refused = outcomes.find(({ ok }) => !ok);
    if (refused) throw new Error(JSON.stringify(refused));
  }
}

interface Meter {
  /** Bytes of the data. */
  size: () => Promise<number>;
  /** Bytes of write-ahead log so far; null where the database does not tell. */
  log: () => Promise<number | null>;
}

async function measure(name: string, db: Kysely<Database>, meter: Meter): Promise<void> {
  const devices = await createDevices(db);
  const empty = await meter.size();
  for (const endpoint of ['heartbeat', 'status', 'diagnostics'] as const) {
    await sendAll(db, devices, { endpoint, atMs: START_MS });
  }
  report(name, 'an instance, registered', ((await meter.size()) - empty) / INSTANCES);
  const before = await meter.log();
  for (let round = 1; round <= ROUNDS; round++) {
    await sendAll(db, devices, { endpoint: 'heartbeat', atMs: START_MS + round * BEAT_MS });
  }
  const after = await meter.log();
  report(
    name,
    `an instance, ${ROUNDS} heartbeats later`,
    ((await meter.size()) - empty) / INSTANCES,
  );
  if (before === null || after === null) return;
  report(name, 'log of a heartbeat', (after - before) / INSTANCES / ROUNDS);
}

function report(name: string, what: string, bytes: number): void {
  process.stdout.write(`${name.padEnd(12)}${what.padEnd(34)}${Math.round(bytes)} bytes\n`);
}

async function measureSqlite(directory: string): Promise<void> {
  const file = join(directory, 'fleet.db');
  const db = await openAndMigrateDatabase(parseLocation(file));
  const size = async () => {
    await sql`pragma wal_checkpoint(truncate)`.execute(db);
    return statSync(file).size;
  };
  await measure('SQLite', db, { size, log: async () => null });
  await db.destroy();
}

async function measurePostgres(directory: string): Promise<void> {
  const server = await startPostgres(directory);
  const db = await openAndMigrateDatabase(parseLocation(server.url));
  const ask = async (text: string) => {
    const { rows } = await sql<{ bytes: number }>`${sql.raw(text)}`.execute(db);
    return Number(rows[0]?.bytes);
  };
  const size = () => ask('select pg_database_size(current_database()) as bytes');
  const log = () => ask("select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes");
  await measure('PostgreSQL', db, { size, log });
  await db.destroy();
  await server.stop();
}

const MEASURE: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  sqlite: measureSqlite,
  postgres: measurePostgres,
};

const directory = mkdtempSync(join(tmpdir(), 'fleet-size-'));
// The user that PostgreSQL runs as, if root started this, has to pass through.
chmodSync(directory, 0o711);
try {
  for (const name of values.on.split(',')) await MEASURE[name]?.(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
