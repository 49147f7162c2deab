import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { type Fleet, listHeartbeats } from '../load/requests.ts';
import type { Scenario } from '../scenario.ts';
import { interleave, rateRow } from '../series.ts';

const FEW = 1_000;
const MANY = 100_000;
const CONNECTIONS = 64;
const AT_LEAST = 0.9;

export const machines: Scenario = {
  name: 'machines',
  title: '100,000 machines in place of 1,000',
  setup:
    'One server, one customer with 1,000 and one with 100,000 machines, all registered before; heartbeats of the one and of the other in turn, over 64 connections.',
  target: 'at least 0.90 of the rate with 1,000 machines',
  configure: describeRounds,
  async run(context) {
    const installation = createInstallation(context);
    const small = await createFleet(installation, { customer: 'small', machines: FEW });
    const large = await createFleet(installation, { customer: 'large', machines: MANY });
    const server = await installation.serve();
    for (const fleet of [small, large]) await registerMachines(server.url, fleet);
    const prepare = (name: string, fleet: Fleet) =>
      prepareLoad(context, { name, requests: listHeartbeats(fleet), connections: CONNECTIONS });
    const runFew = prepare('few', small);
    const runMany = prepare('many', large);
    const runs = await interleave(context.settings.rounds, {
      few: () => runFew(server),
      many: () => runMany(server),
    });
    return [
      rateRow('1,000 machines', runs.few),
      rateRow('100,000 machines', runs.many, {
        with: runs.few,
        name: 'the rate with 1,000',
        atLeast: AT_LEAST,
      }),
    ];
  },
};
