import { chmodSync } from 'node:fs';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../../test/support/postgres-server.ts';
import { Acknowledged } from '../acknowledged.ts';
import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { type PreparedLoad, prepareLoad } from '../load/prepare-load.ts';
import { type Fleet, listHeartbeats, listShuffledBatches } from '../load/requests.ts';
import type { LoadResult } from '../load/run-load.ts';
import { runOnAll, type Servers } from '../load/run-on-all.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { absoluteRateRow, interleave, judge, medianOf, rateRow } from '../series.ts';

const MACHINES = 10_000;
const FEWEST_CONNECTIONS = 8;
const MEDIUM_CONNECTIONS = 64;
const MOST_CONNECTIONS = 256;
const BATCH_CONNECTIONS = 8;
const AT_LEAST = 10_000;
/** As it is without a configuration: every commit is synced. */
const DEFAULTS = {};

export const postgres: Scenario = {
  name: 'postgres',
  title: 'Two servers on one PostgreSQL',
  setup:
    'Two `fleet serve` on one PostgreSQL 18 with its default settings (every commit synced), heartbeats of the same 10,000 machines to both at once, each from a load generator of its own; everything shares the cores of the machine. Before, one server alone. Connections are per server. The CPU time is that of the servers and of all processes of PostgreSQL.',
  target:
    'at least 10,000 acknowledged heartbeats/s in sum, no deadlock; the more there are at once, the less a message costs',
  configure: (settings) =>
    `${describeRounds(settings)}; the long run ${settings.postgresMinutes} min`,
  async run(context) {
    const { url, pid } = await provide(context);
    const databasePid = pid();
    const installation = createInstallation(context, url);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const acknowledged = new Acknowledged();
    const first = await installation.serve();
    acknowledged.add(await registerMachines(first.url, fleet));
    const subject = { context, fleet, acknowledged };
    const alone = await measureAlone(subject, { nodes: [first], databasePid });
    const nodes = [first, await installation.serve()];
    const together = await measureTogether(subject, { nodes, databasePid });
    const long = await measureLong(subject, { nodes, databasePid });
    for (const node of nodes) await node.stop();
    await acknowledged.requireCounted(installation);
    return [alone, ...together, ...long, await countDeadlocks(url)];
  },
};

interface Subject {
  context: Context;
  fleet: Fleet;
  acknowledged: Acknowledged;
}

async function provide({ directory, scope }: Context): Promise<PostgresServer> {
  // PostgreSQL runs as another user where this runs as root.
  chmodSync(directory, 0o711);
  const server = await startPostgres(directory, DEFAULTS);
  await scope.add(() => server.stop());
  return server;
}

/** Returns what sends the requests to all the servers at once. */
function prepareRun(
  { context, acknowledged }: Subject,
  servers: Servers,
  load: PreparedLoad,
): () => Promise<LoadResult> {
  const run = prepareLoad(context, load);
  return async () => acknowledged.note(await runOnAll(run, servers));
}

function prepareHeartbeats(
  subject: Subject,
  servers: Servers,
  connections: number,
): () => Promise<LoadResult> {
  const requests = listHeartbeats(subject.fleet);
  return prepareRun(subject, servers, { name: 'heartbeats', requests, connections });
}

async function measureAlone(subject: Subject, servers: Servers): Promise<Row> {
  const { alone } = await interleave(subject.context.settings.rounds, {
    alone: prepareHeartbeats(subject, servers, MOST_CONNECTIONS),
  });
  return rateRow(`one server alone, ${MOST_CONNECTIONS} connections`, alone);
}

async function measureTogether(subject: Subject, servers: Servers): Promise<Row[]> {
  const runs = await interleave(subject.context.settings.rounds, {
    fewest: prepareHeartbeats(subject, servers, FEWEST_CONNECTIONS),
    medium: prepareHeartbeats(subject, servers, MEDIUM_CONNECTIONS),
    most: prepareHeartbeats(subject, servers, MOST_CONNECTIONS),
    batches: prepareRun(subject, servers, {
      name: 'batches',
      requests: listShuffledBatches(subject.fleet),
      connections: BATCH_CONNECTIONS,
    }),
  });
  return [
    rateRow(`in sum, ${FEWEST_CONNECTIONS} connections each`, runs.fewest),
    rateRow(`in sum, ${MEDIUM_CONNECTIONS} connections each`, runs.medium),
    rateRow(`in sum, ${MOST_CONNECTIONS} connections each`, runs.most),
    compareCosts(runs.fewest, runs.most),
    rateRow(`in sum, batches of 250, ${BATCH_CONNECTIONS} connections each`, runs.batches),
  ];
}

/** What a message costs with many connections, against what it costs with few. */
function compareCosts(fewest: readonly LoadResult[], most: readonly LoadResult[]): Row {
  const label = `CPU a message, ${MOST_CONNECTIONS} connections each`;
  const unit = 'µs';
  const cost = (results: readonly LoadResult[]) =>
    medianOf(results, ({ cpuMicroseconds }) => cpuMicroseconds ?? Number.NaN);
  const value = cost(most);
  const ratio = value / cost(fewest);
  if (Number.isNaN(ratio)) return { label, value: null, unit, note: 'unknown without /proc' };
  const target = `≤ 1.00 of that with ${FEWEST_CONNECTIONS}`;
  return { label, value, unit, ratio, target, ...judge(ratio <= 1, fewest, most) };
}

/** The longer run, which the target is for: it also shows that nothing fails in the long run. */
async function measureLong(subject: Subject, servers: Servers): Promise<Row[]> {
  const { context } = subject;
  const minutes = context.settings.postgresMinutes;
  const settings = { ...context.settings, seconds: Math.round(minutes * 60) };
  const long = { ...subject, context: { ...context, settings } };
  const result = await prepareHeartbeats(long, servers, MOST_CONNECTIONS)();
  const label = `in sum, over ${minutes} min, ${MOST_CONNECTIONS} connections each`;
  const errors = result.refused + result.failed;
  return [
    absoluteRateRow(label, [result], AT_LEAST),
    { label: 'requests that failed', value: errors, unit: '', target: '0', met: errors === 0 },
  ];
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
