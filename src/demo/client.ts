import type { DeviceRequest } from './requests.ts';

export interface DeviceAnswer {
  status: number;
  body: string;
}

export type Send = (request: DeviceRequest) => Promise<DeviceAnswer>;

/** Returns what sends a request to the server and reads its answer; connections are kept alive. */
export function createClient(url: string): Send {
  return async ({ path, token, body }) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: await response.text() };
  };
}

/** How many requests are under way at once. */
const CONNECTIONS = 8;

/** Sends the requests, a few at a time; each is begun in their order. */
export async function sendAll(
  requests: readonly DeviceRequest[],
  send: (request: DeviceRequest) => Promise<unknown>,
): Promise<void> {
  const rest = requests.values();
  const work = async () => {
    for (const request of rest) await send(request);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}
