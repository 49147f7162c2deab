import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { startBackgroundLoad } from '../load/background-load.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { listHeartbeats } from '../load/requests.ts';
import { GENERATOR, type LoadResult } from '../load/run-load.ts';
import { type Memory, readMemory } from '../proc.ts';
import type { Row, Scenario } from '../scenario.ts';
import { judge, rateRow } from '../series.ts';
import { mean } from '../statistics.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const AT_MOST_MB = 200;
const AT_MOST_GROWTH = 1.05;
const SAMPLE_MS = 1_000;

export const memory: Scenario = {
  name: 'memory',
  title: 'Memory under full load',
  setup:
    'The resident memory of the server, sampled every second while it takes heartbeats of 10,000 machines over 64 connections at its full rate. Flat is judged by the means of the second and the last third of the time.',
  target: 'at most 200 MB, and flat',
  configure: ({ memorySeconds }) => `${memorySeconds} s of load from ${GENERATOR}`,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    const requests = listHeartbeats(fleet);
    const run = prepareLoad(context, { name: 'heartbeats', requests, connections: CONNECTIONS });
    const load = startBackgroundLoad(() => run(server));
    const samples = await sample(server.pid, context.settings.memorySeconds);
    const results = await load.stop();
    return [rateRow('heartbeats meanwhile', results), ...listRows(samples, results)];
  },
};

async function sample(pid: number, seconds: number): Promise<Memory[]> {
  const samples: Memory[] = [];
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const memory = readMemory(pid);
    if (memory !== null) samples.push(memory);
  }
  return samples;
}

function listRows(samples: readonly Memory[], load: readonly LoadResult[]): Row[] {
  const last = samples.at(-1);
  if (!last) {
    return [{ label: 'resident memory', value: null, unit: 'MB', note: 'unknown without /proc' }];
  }
  const third = Math.floor(samples.length / 3);
  const rss = samples.map(({ rssMb }) => rssMb);
  const secondMean = mean(rss.slice(third, 2 * third));
  const lastMean = mean(rss.slice(2 * third));
  const ratio = lastMean / secondMean;
  return [
    {
      label: 'highest',
      value: last.peakMb,
      unit: 'MB',
      target: `≤ ${AT_MOST_MB} MB`,
      ...judge(last.peakMb <= AT_MOST_MB, load),
      note: `over ${samples.length} s`,
    },
    { label: 'mean of the second third', value: secondMean, unit: 'MB' },
    {
      label: 'mean of the last third',
      value: lastMean,
      unit: 'MB',
      ratio,
      target: `≤ ${AT_MOST_GROWTH.toFixed(2)} of the second`,
      ...judge(ratio <= AT_MOST_GROWTH, load),
    },
  ];
}
