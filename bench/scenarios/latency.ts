import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareRequests } from '../load/prepare-load.ts';
import type { RequestFile } from '../load/request-file.ts';
import { listHeartbeats } from '../load/requests.ts';
import { GENERATOR, type LoadResult, runLoad } from '../load/run-load.ts';
import type { ServerProcess } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { judge, medianOf, rateRow } from '../series.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const SHARE = 0.5;
const AT_MOST_MS = 20;
const CALIBRATIONS = 2;
const CALIBRATION_SECONDS = 1;
/** Autocannon sends what is due in a second at its beginning, so that requests wait for each other. */
const PACES_EVENLY = GENERATOR === 'wrk';

export const latency: Scenario = {
  name: 'latency',
  title: 'Latency at half of the rate',
  setup:
    'Heartbeats of 10,000 machines over 64 connections at half of the rate that the same server reached just before, each connection pausing for an evenly spread time before each request. The time is that from the request to its acknowledgement, the synced commit included.',
  target: 'p99 at most 20 ms',
  configure: describeRounds,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    const requests = prepareRequests(context, 'heartbeats', listHeartbeats(fleet));
    const full: LoadResult[] = [];
    const half: LoadResult[] = [];
    for (let round = 0; round <= context.settings.rounds; round += 1) {
      const seconds = context.settings.seconds;
      const fast = await runLoad(context.scope, server, {
        requests,
        connections: CONNECTIONS,
        seconds,
      });
      const slow = await runPaced(context, server, { requests, perSecond: fast.perSecond * SHARE });
      if (round === 0) continue;
      full.push(fast);
      half.push(slow);
    }
    return listRows(full, half);
  },
};

function listTimes(results: readonly LoadResult[]): string {
  return `of the rounds: ${results.map((result) => result.p99Ms.toFixed(1)).join(', ')}`;
}

function listRows(full: readonly LoadResult[], half: readonly LoadResult[]): Row[] {
  const p99Ms = medianOf(half, (result) => result.p99Ms);
  const p50Ms = medianOf(half, (result) => result.p50Ms);
  const achieved = rateRow('rate achieved at half', half, { with: full, name: 'the full rate' });
  return [
    rateRow('full rate', full),
    achieved,
    { label: 'p50 at half of the rate', value: p50Ms, unit: 'ms' },
    {
      label: 'p99 at half of the rate',
      value: p99Ms,
      unit: 'ms',
      target: `≤ ${AT_MOST_MS} ms`,
      ...(PACES_EVENLY ? judge(p99Ms <= AT_MOST_MS, half, full) : {}),
      note: PACES_EVENLY ? listTimes(half) : 'not judged: autocannon sends in bursts',
    },
    {
      label: 'p99 at the full rate',
      value: medianOf(full, (result) => result.p99Ms),
      unit: 'ms',
    },
  ];
}

/**
 * A connection that waits for each answer sends every `pause + latency`, so the pause that gives a
 * rate depends on a latency that is known only afterwards: two short runs find it.
 */
async function runPaced(
  { scope, settings }: Context,
  server: ServerProcess,
  { requests, perSecond }: { requests: RequestFile; perSecond: number },
): Promise<LoadResult> {
  const cycleMs = (CONNECTIONS / perSecond) * 1000;
  const run = (pauseMs: number, seconds: number) =>
    runLoad(scope, server, {
      requests,
      connections: CONNECTIONS,
      seconds,
      pace: { perSecond, pauseMs },
    });
  let pauseMs = cycleMs;
  for (let attempt = 0; attempt < CALIBRATIONS; attempt += 1) {
    const result = await run(pauseMs, CALIBRATION_SECONDS);
    pauseMs = Math.max(1, pauseMs + cycleMs - (CONNECTIONS / result.perSecond) * 1000);
  }
  return await run(pauseMs, settings.seconds);
}
