import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

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

/** wrk leaves most of a core to the server; autocannon, where there is no wrk, is itself the limit. */
export const GENERATOR = spawnSync('wrk', ['-v']).error ? 'autocannon' : 'wrk';

/** Posts heartbeats of many machines for some seconds. */
export async function postHeartbeats(options: LoadOptions): Promise<LoadResult> {
  return GENERATOR === 'wrk' ? postWithWrk(options) : await postWithAutocannon(options);
}

function postWithWrk(options: LoadOptions): LoadResult {
  const { url, token, customer, machines, connections, seconds } = options;
  const script = join(import.meta.dirname, 'heartbeats.lua');
  const load = ['-t', '1', '-c', `${connections}`, '-d', `${seconds}s`, '-s', script];
  const args = [...load, url, '--', token, customer, `${machines}`];
  const { stdout } = spawnSync('wrk', args, { encoding: 'utf8' });
  const summary = JSON.parse(stdout.slice(stdout.lastIndexOf('{')));
  return {
    perSecond: (summary.requests - summary.failed) / (summary.microseconds / 1e6),
    p99Ms: summary.p99_microseconds / 1000,
    failed: summary.failed,
  };
}

async function postWithAutocannon(options: LoadOptions): Promise<LoadResult> {
  const { url, token, customer, machines, connections, seconds } = options;
  // Loaded only here, because it takes half a second.
  const autocannon = createRequire(import.meta.url)('autocannon');
  const body = { version: '1.0.0', uptime_seconds: 3600, pid: 1234, ips: ['10.0.0.5'] };
  const requests = Array.from({ length: machines }, (_, index) => ({
    method: 'POST',
    path: `/api/ingest/${customer}/machine-${index}/app/heartbeat`,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  }));
  const result = await autocannon({ url, connections, duration: seconds, requests });
  return {
    perSecond: result['2xx'] / result.duration,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}
