import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { listHeartbeats } from '../load/requests.ts';
import { CEILING, createEnvironment, FAST_CEILING, startServer } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { interleave, rateRow } from '../series.ts';

const CONNECTIONS = [64, 256];
const MACHINES = 10_000;
const AT_LEAST = 0.9;

export const heartbeats: Scenario = {
  name: 'heartbeats',
  title: 'Acknowledged heartbeats',
  setup:
    'Heartbeats of 10,000 machines with one token, each in a request of its own and acknowledged after its commit is synced. The writer remembers the rows of 10,000 machines (two generations of 10,000); `machines` shows the case in which it does not. The ceiling is an empty Hono application on the same HTTP server, which parses the body and answers the same bytes; the fast ceiling answers them past Hono’s Response and is shown for honesty.',
  target: 'at least 0.90 of the ceiling',
  configure: describeRounds,
  async run(context) {
    const servers = await startServers(context);
    const rows: Row[] = [];
    for (const connections of CONNECTIONS)
      rows.push(...(await compare(context, servers, connections)));
    return rows;
  },
};

type Servers = Awaited<ReturnType<typeof startServers>>;

async function startServers(context: Context) {
  const { scope, directory } = context;
  const installation = createInstallation(context);
  const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
  const env = createEnvironment(directory);
  const servers = {
    ceiling: await startServer(scope, [CEILING], env),
    fastCeiling: await startServer(scope, [FAST_CEILING], env),
    fleet: await installation.serve(),
  };
  await registerMachines(servers.fleet.url, fleet);
  return { ...servers, requests: listHeartbeats(fleet) };
}

async function compare(
  context: Context,
  { ceiling, fastCeiling, fleet, requests }: Servers,
  connections: number,
): Promise<Row[]> {
  const run = prepareLoad(context, { name: 'heartbeats', requests, connections });
  const runs = await interleave(context.settings.rounds, {
    ceiling: () => run(ceiling),
    fastCeiling: () => run(fastCeiling),
    fleet: () => run(fleet),
  });
  const at = `${connections} connections`;
  const target = { with: runs.ceiling, name: 'the ceiling', atLeast: AT_LEAST };
  return [
    rateRow(`ceiling, ${at}`, runs.ceiling),
    rateRow(`fleet, ${at}`, runs.fleet, target),
    rateRow(`fast ceiling, ${at}`, runs.fastCeiling),
    {
      ...rateRow(`fleet against the fast ceiling, ${at}`, runs.fleet, {
        with: runs.fastCeiling,
        name: '',
      }),
      note: '',
    },
  ];
}
