import { createRequire } from 'node:module';

const autocannon = createRequire(import.meta.url)('autocannon') as (
  options: object,
) => Promise<AutocannonResult>;

interface AutocannonResult {
  '2xx': number;
  non2xx: number;
  errors: number;
  duration: number;
  latency: { p50: number; p99: number };
}

export interface LoadOptions {
  url: string;
  token: string;
  customer: string;
  machines: number;
  connections: number;
  seconds: number;
}

export interface LoadResult {
  perSecond: number;
  p99Ms: number;
  failed: number;
}

/** Posts heartbeats of many machines for some seconds. */
export async function postHeartbeats(options: LoadOptions): Promise<LoadResult> {
  const { url, token, customer, connections, seconds } = options;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: Array.from({ length: options.machines }, (_, index) => ({
      method: 'POST',
      path: `/api/ingest/${customer}/machine-${index}/app/heartbeat`,
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({
        version: '1.0.0',
        uptime_seconds: 3600,
        pid: 1234,
        ips: ['10.0.0.5'],
      }),
    })),
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
