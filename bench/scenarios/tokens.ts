import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { listHeartbeats } from '../load/requests.ts';
import { CEILING, createEnvironment, startServer } from '../processes.ts';
import type { Scenario } from '../scenario.ts';
import { interleave, rateRow } from '../series.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const AT_LEAST = 0.85;

export const tokens: Scenario = {
  name: 'tokens',
  title: 'One token a machine',
  setup:
    'As above with 64 connections, but every one of the 10,000 machines has a token of its own.',
  target: 'at least 0.85 of the ceiling',
  configure: describeRounds,
  async run(context) {
    const { scope, directory, settings } = context;
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, {
      customer: 'acme',
      machines: MACHINES,
      tokens: MACHINES,
    });
    const ceiling = await startServer(scope, [CEILING], createEnvironment(directory));
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    const requests = listHeartbeats(fleet);
    const run = prepareLoad(context, { name: 'tokens', requests, connections: CONNECTIONS });
    const runs = await interleave(settings.rounds, {
      ceiling: () => run(ceiling),
      fleet: () => run(server),
    });
    return [
      rateRow('ceiling', runs.ceiling),
      rateRow('fleet, 10,000 tokens', runs.fleet, {
        with: runs.ceiling,
        name: 'the ceiling',
        atLeast: AT_LEAST,
      }),
    ];
  },
};
