import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { type Fleet, listHeartbeats } from '../load/requests.ts';
import type { LoadResult } from '../load/run-load.ts';
import type { Row, Scenario } from '../scenario.ts';
import { interleave, rateRow } from '../series.ts';

const FEW = 1_000;
const MANY = 100_000;
const CONNECTIONS = 64;
const AT_LEAST = 0.9;

export const machines: Scenario = {
  name: 'machines',
  title: '100,000 machines in place of 1,000',
  setup:
    'One server, one customer with 1,000 and one with 100,000 machines, all registered before; heartbeats of the one and of the other in turn, over 64 connections. The machines send in no order, and each run begins with another one. 100,000 are more than the writer remembers, so that most of their rows are read anew.',
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
    const target = { with: runs.few, name: 'the rate with 1,000', atLeast: AT_LEAST };
    return [
      rateRow('1,000 machines', runs.few),
      noteReached(rateRow('100,000 machines', runs.many, target), runs.many),
    ];
  },
};

/** Adds how many different machines sent in the shortest of the runs: all of them, or as many as fit. */
function noteReached(row: Row, results: readonly LoadResult[]): Row {
  const reached = Math.min(MANY, ...results.map(({ accepted }) => accepted));
  return {
    ...row,
    note: `${row.note}; ${reached.toLocaleString('en')} machines reached in each run`,
  };
}
