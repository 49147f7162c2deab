import { chmodSync } from 'node:fs';
import pg from 'pg';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import {
  type DeviceRequest,
  type Fleet,
  listHeartbeats,
  listShuffledBatches,
} from '../load/requests.ts';
import type { LoadResult } from '../load/run-load.ts';
import type { ServerProcess } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { absoluteRateRow, rateRow } from '../series.ts';

const MACHINES = 10_000;
const CONNECTIONS = [8, 64, 256];
const LONG_CONNECTIONS = 256;
const BATCH_CONNECTIONS = 8;
const AT_LEAST = 10_000;
/** As it is without a configuration: every commit is synced. */
const DEFAULTS = {};

export const postgres: Scenario = {
  name: 'postgres',
  title: 'Two servers on one PostgreSQL',
  setup:
    'Two `fleet serve` on one PostgreSQL 18 with its default settings (every commit synced), heartbeats of the same 10,000 machines to both at once, each from a load generator of its own; everything shares the cores of the machine. Connections are per server.',
  target:
    'at least 10,000 acknowledged heartbeats/s in sum, no deadlock; the more there are at once, the less a message costs',
  configure: (settings) =>
    `${describeRounds(settings)}; the long run ${settings.postgresMinutes} min`,
  async run(context) {
    const { url } = await provide(context);
    const installation = createInstallation(context, url);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const nodes = [await installation.serve(), await installation.serve()];
    const first = nodes[0] as ServerProcess;
    await registerMachines(first.url, fleet);
    const rows = await measureRates(context, nodes, fleet);
    rows.push(await measureBatches(context, nodes, fleet));
    return [...rows, ...(await measureLong(context, nodes, fleet)), await countDeadlocks(url)];
  },
};

async function provide({ directory, scope }: Context): Promise<{ url: string }> {
  // PostgreSQL runs as another user where this runs as root.
  chmodSync(directory, 0o711);
  const server = await startPostgres(directory, DEFAULTS);
  await scope.add(() => server.stop());
  return server;
}

async function measureRates(
  context: Context,
  nodes: readonly ServerProcess[],
  fleet: Fleet,
): Promise<Row[]> {
  const requests = listHeartbeats(fleet);
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const run = prepareLoad(context, { name: 'heartbeats', requests, connections });
    const results = await repeat(context, () => runOnAll(run, nodes));
    rows.push(rateRow(`in sum, ${connections} connections each`, results));
  }
  return rows;
}

async function measureBatches(
  context: Context,
  nodes: readonly ServerProcess[],
  fleet: Fleet,
): Promise<Row> {
  const load = {
    name: 'batches',
    requests: listShuffledBatches(fleet),
    connections: BATCH_CONNECTIONS,
  };
  const run = prepareLoad(context, load);
  const results = await repeat(context, () => runOnAll(run, nodes));
  return rateRow(`in sum, batches of 250, ${BATCH_CONNECTIONS} connections each`, results);
}

/** The longer run, which the target is for: it also shows that nothing fails in the long run. */
async function measureLong(
  context: Context,
  nodes: readonly ServerProcess[],
  fleet: Fleet,
): Promise<Row[]> {
  const minutes = context.settings.postgresMinutes;
  const settings = { ...context.settings, seconds: Math.round(minutes * 60) };
  const requests: DeviceRequest[] = listHeartbeats(fleet);
  const load = { name: 'heartbeats', requests, connections: LONG_CONNECTIONS };
  const result = await runOnAll(prepareLoad({ ...context, settings }, load), nodes);
  const label = `in sum, over ${minutes} min, ${LONG_CONNECTIONS} connections each`;
  const errors = result.refused + result.failed;
  return [
    absoluteRateRow(label, [result], AT_LEAST),
    { label: 'requests that failed', value: errors, unit: '', target: '0', met: errors === 0 },
  ];
}

async function repeat(
  { settings }: Context,
  run: () => Promise<LoadResult>,
): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  for (let round = 0; round < settings.rounds; round += 1) results.push(await run());
  return results;
}

type Run = (server: ServerProcess) => Promise<LoadResult>;

/** Both at once, as one result: the sum of the rates, the worst of the latencies. */
async function runOnAll(run: Run, nodes: readonly ServerProcess[]): Promise<LoadResult> {
  const results = await Promise.all(nodes.map((node) => run(node)));
  return results.reduce((one, two) => ({
    perSecond: one.perSecond + two.perSecond,
    accepted: one.accepted + two.accepted,
    refused: one.refused + two.refused,
    failed: one.failed + two.failed,
    seconds: Math.max(one.seconds, two.seconds),
    p50Ms: Math.max(one.p50Ms, two.p50Ms),
    p99Ms: Math.max(one.p99Ms, two.p99Ms),
    generatorShare: largest(one.generatorShare, two.generatorShare),
    cpuMicroseconds: largest(one.cpuMicroseconds, two.cpuMicroseconds),
  }));
}

function largest(one: number | null, two: number | null): number | null {
  return one === null || two === null ? null : Math.max(one, two);
}

async function countDeadlocks(url: string): Promise<Row> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ deadlocks: string }>(
      'select sum(deadlocks) as deadlocks from pg_stat_database',
    );
    const value = Number(rows[0]?.deadlocks);
    return { label: 'deadlocks', value, unit: '', target: '0', met: value === 0 };
  } finally {
    await client.end();
  }
}
