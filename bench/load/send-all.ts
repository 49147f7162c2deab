/** Sends an exact number of requests, which the load generators cannot: they send for a time. */
import { Agent, request as sendRequest } from 'node:http';
import type { DeviceRequest } from './requests.ts';

const CONNECTIONS = 32;

/** Sends every request once and throws at the first that is not accepted in full. */
export async function sendAll(url: string, requests: Iterable<DeviceRequest>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const source = Iterator.from(requests);
  const work = async () => {
    for (const request of source) {
      const { status, body } = await send(url, request, agent);
      if (!isAccepted(status, body, request)) throw new Error(`${request.path}: ${status} ${body}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  } finally {
    agent.destroy();
  }
}

/** Sends one request and returns the status and the text of the answer. */
export async function send(
  url: string,
  { path, token, body, isGzip }: DeviceRequest,
  agent?: Agent,
): Promise<{ status: number; body: string }> {
  const encoding = isGzip ? { 'content-encoding': 'gzip' } : {};
  const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) };
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const options = { method: 'POST', agent, headers: { ...headers, ...encoding } };
  const request = sendRequest(new URL(path, url), options, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  request.on('error', reject).end(body);
  return promise;
}

function isAccepted(status: number, body: string, { messages }: DeviceRequest): boolean {
  return status === 200 && JSON.parse(body).accepted === messages;
}
