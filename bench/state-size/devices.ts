/** Devices of the usual size, and what they send. */
import type { Kysely } from 'kysely';
import { createCustomer } from '../../src/db/customers/changes.ts';
import type { Database } from '../../src/db/schema.ts';
import { createToken } from '../../src/db/tokens/tokens.ts';
import { hashTokenHex } from '../../src/domain/tokens/token.ts';
import { type CommitContext, commitBatch } from '../../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import { NodeLog } from '../../src/ingest/node-log.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { Turns } from '../../src/ingest/turns.ts';

export const START_MS = Date.UTC(2026, 0, 1);
/** Messages in a transaction. */
export const BATCH = 500;
const MACHINES_PER_CUSTOMER = 1_000;

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

export interface Device {
  customer: string;
  machine: string;
  token: string;
  index: number;
}

export interface Sending {
  endpoint: keyof typeof MESSAGES;
  atMs: number;
}

/** Creates customers with a token each until there is room for so many devices. */
export async function createDevices(db: Kysely<Database>, count: number): Promise<Device[]> {
  const devices: Device[] = [];
  while (devices.length < count) {
    const first = devices.length;
    const customer = `customer-${Math.floor(first / MACHINES_PER_CUSTOMER)}`;
    const token = await createCustomerWithToken(db, customer);
    const machines = Math.min(MACHINES_PER_CUSTOMER, count - first);
    for (let each = 0; each < machines; each++) {
      devices.push({ customer, machine: `machine-${each}`, token, index: first + each });
    }
  }
  return devices;
}

/** Lets every device send the message once, in batches as a server makes them. */
export async function sendAll(
  db: Kysely<Database>,
  devices: readonly Device[],
  { endpoint, atMs }: Sending,
): Promise<void> {
  const nodeLog = new NodeLog({ node: 'bench', startedAtMs: atMs, overdueAfterMs: 300_000 });
  const own = { clock: () => atMs, nodeLog, memory: null, turns: new Turns() };
  const context: CommitContext = { db, limits: DEFAULT_INGEST_LIMITS, ...own };
  for (let at = 0; at < devices.length; at += BATCH) {
    const batch = devices.slice(at, at + BATCH);
    const requests = batch.map((device) => toRequest(device, { endpoint, atMs }));
    const outcomes = await commitBatch(context, requests);
    const refused = outcomes.find(({ ok }) => !ok);
    if (refused) throw new Error(JSON.stringify(refused));
  }
}

async function createCustomerWithToken(db: Kysely<Database>, customer: string): Promise<string> {
  const change = { nowMs: START_MS, actor: 'bench' };
  return await db.transaction().execute(async (trx) => {
    await createCustomer(trx, { slug: customer }, change);
    return (await createToken(trx, { customer, name: null, expiresAtMs: null }, change)).token;
  });
}

function toRequest(device: Device, { endpoint, atMs }: Sending): IngestRequest {
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
