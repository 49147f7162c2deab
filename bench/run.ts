/**
 * Acknowledged heartbeats a second, every commit synced, against the ceiling: both servers in one
 * run, in turn, medians compared. Absolute figures depend on the machine; the ratio is what counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GENERATOR, type LoadResult, postHeartbeats } from './load.ts';
import { startProcess } from './server-process.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    machines: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '64' },
  },
});

const FLEET = join(import.meta.dirname, '..', 'bin', 'run.js');
const directory = mkdtempSync(join(tmpdir(), 'fleet-bench-'));
const env = { FLEET_DATABASE: join(directory, 'fleet.db') };

function runFleet(...args: string[]): string {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, [FLEET, ...args], options).trim();
}

function medianOf(results: readonly LoadResult[]): LoadResult {
  const sorted = results.toSorted((one, two) => one.perSecond - two.perSecond);
  return sorted[sorted.length >> 1] as LoadResult;
}

function describe(name: string, result: LoadResult): string {
  const rate = Math.round(result.perSecond).toString().padStart(7);
  return `${name.padEnd(10)}${rate}/s   p99 ${result.p99Ms} ms   failed ${result.failed}`;
}

runFleet('customer', 'create', 'acme');
const token = runFleet('token', 'create', 'acme');
const servers = {
  ceiling: await startProcess([join(import.meta.dirname, 'ceiling.ts')]),
  fleet: await startProcess([FLEET, 'serve', '--port', '0'], env),
};
const results: Record<keyof typeof servers, LoadResult[]> = { ceiling: [], fleet: [] };
const load = {
  token,
  customer: 'acme',
  machines: Number(values.machines),
  connections: Number(values.connections),
  seconds: Number(values.seconds),
};

try {
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const name of ['ceiling', 'fleet'] as const) {
      const result = await postHeartbeats({ ...load, url: servers[name].url });
      // The first round registers the machines and warms both up.
      if (round > 0) results[name].push(result);
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  rmSync(directory, { recursive: true });
}

const ceiling = medianOf(results.ceiling);
const fleet = medianOf(results.fleet);
const ratio = (fleet.perSecond / ceiling.perSecond).toFixed(2);
process.stdout.write(
  [
    describe('ceiling', ceiling),
    describe('fleet', fleet),
    `ratio     ${ratio}   (${values.machines} machines, ${values.connections} connections, one token, ${GENERATOR})`,
    '',
  ].join('\n'),
);
