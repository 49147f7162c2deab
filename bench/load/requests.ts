/** The requests of devices. */
import { gzipSync } from 'node:zlib';
import { shuffle } from './shuffle.ts';

export interface DeviceRequest {
  path: string;
  token: string;
  body: string | Buffer;
  /** Whether the body is compressed. */
  isGzip?: boolean;
  /** How many messages the request carries. */
  messages: number;
}

/** The machines of one customer and the tokens that they share in turn. */
export interface Fleet {
  customer: string;
  tokens: readonly string[];
  machines: number;
}

export const LINES_PER_BATCH = 250;

const HEARTBEAT = { version: '1.0.0', uptime_seconds: 3600, pid: 1234, ips: ['10.0.0.5'] };
const HEARTBEAT_BODY = JSON.stringify(HEARTBEAT);

/** One heartbeat of every machine, in order. */
export function listHeartbeats({ customer, tokens, machines }: Fleet): DeviceRequest[] {
  return Array.from({ length: machines }, (_, index) => ({
    path: `/api/ingest/${customer}/machine-${index}/app/heartbeat`,
    token: tokens[index % tokens.length] as string,
    body: HEARTBEAT_BODY,
    messages: 1,
  }));
}

/** The same heartbeats in batches of 250 lines; fewer machines than that repeat within a batch. */
export function listBatches(fleet: Fleet): DeviceRequest[] {
  return packBatches(fleet, nameMachines(fleet));
}

/** The same batches, of machines that are no neighbours in the database. */
export function listShuffledBatches(fleet: Fleet): DeviceRequest[] {
  return packBatches(fleet, shuffle(nameMachines(fleet)));
}

/** The same requests with compressed bodies. */
export function compress(requests: readonly DeviceRequest[]): DeviceRequest[] {
  return requests.map((each) => ({ ...each, body: gzipSync(each.body), isGzip: true }));
}

function nameMachines({ machines }: Fleet): string[] {
  return Array.from({ length: machines }, (_, index) => `machine-${index}`);
}

function packBatches({ customer, tokens }: Fleet, machines: readonly string[]): DeviceRequest[] {
  const batches = Math.ceil(machines.length / LINES_PER_BATCH);
  return Array.from({ length: batches }, (_, batch) => ({
    path: `/api/ingest/${customer}/batch`,
    token: tokens[batch % tokens.length] as string,
    body: listLines(batch * LINES_PER_BATCH, machines).join('\n'),
    messages: LINES_PER_BATCH,
  }));
}

function listLines(first: number, machines: readonly string[]): string[] {
  return Array.from({ length: LINES_PER_BATCH }, (_, line) => {
    const machine = machines[(first + line) % machines.length];
    return JSON.stringify({ machine, software: 'app', kind: 'heartbeat', ...HEARTBEAT });
  });
}
