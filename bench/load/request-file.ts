/** The file that both load generators take ready-made requests from. */
import { writeFileSync } from 'node:fs';
import type { DeviceRequest } from './requests.ts';
import { shuffle } from './shuffle.ts';

/** Multiples of it, modulo 1, lie far from each other however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

export class RequestFile {
  readonly path: string;
  readonly messagesPerRequest: number;
  readonly #count: number;
  #runs = 0;

  constructor(path: string, requests: readonly DeviceRequest[]) {
    this.path = path;
    this.messagesPerRequest = requests[0]?.messages ?? 1;
    this.#count = requests.length;
  }

  /**
   * The request that the next run begins with, counted from 0. A run may be too short for all of
   * them, and must not send the same ones as the run before it or beside it.
   */
  nextOffset(): number {
    const share = (this.#runs * GOLDEN_RATIO) % 1;
    this.#runs += 1;
    return Math.floor(share * this.#count);
  }
}

/**
 * Writes whole HTTP requests, each after a line with its length: the generator then only sends what
 * is ready, and is not itself what is measured. They are shuffled, because neighbours by name are
 * neighbours in the database, and devices do not send in the order of their names.
 */
export function writeRequests(path: string, requests: readonly DeviceRequest[]): RequestFile {
  const chunks = shuffle(requests).flatMap((request) => {
    const bytes = encodeRequest(request);
    return [Buffer.from(`${bytes.length}\n`), bytes];
  });
  writeFileSync(path, Buffer.concat(chunks));
  return new RequestFile(path, requests);
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
