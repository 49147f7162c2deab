/** The requests of devices, and the file that both load generators take them from. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

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

export interface RequestFile {
  file: string;
  messagesPerRequest: number;
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
export function listBatches({ customer, tokens, machines }: Fleet): DeviceRequest[] {
  const batches = Math.ceil(machines / LINES_PER_BATCH);
  return Array.from({ length: batches }, (_, batch) => ({
    path: `/api/ingest/${customer}/batch`,
    token: tokens[batch % tokens.length] as string,
    body: listLines(batch * LINES_PER_BATCH, machines).join('\n'),
    messages: LINES_PER_BATCH,
  }));
}

/** The same requests with compressed bodies. */
export function compress(requests: readonly DeviceRequest[]): DeviceRequest[] {
  return requests.map((each) => ({ ...each, body: gzipSync(each.body), isGzip: true }));
}

/**
 * Writes whole HTTP requests, each after a line with its length: the generator then only sends what
 * is ready, and is not itself what is measured.
 */
export function writeRequests(file: string, requests: readonly DeviceRequest[]): RequestFile {
  const chunks = requests.flatMap((request) => {
    const bytes = encodeRequest(request);
    return [Buffer.from(`${bytes.length}\n`), bytes];
  });
  writeFileSync(file, Buffer.concat(chunks));
  return { file, messagesPerRequest: requests[0]?.messages ?? 1 };
}

function listLines(first: number, machines: number): string[] {
  return Array.from({ length: LINES_PER_BATCH }, (_, line) => {
    const machine = `machine-${(first + line) % machines}`;
    return JSON.stringify({ machine, software: 'app', kind: 'heartbeat', ...HEARTBEAT });
  });
}

function encodeRequest({ path, token, body, isGzip }: DeviceRequest): Buffer {
  const content = Buffer.from(body as string);
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    ...(isGzip ? ['Content-Encoding: gzip'] : []),
    `Content-Length: ${content.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content]);
}
