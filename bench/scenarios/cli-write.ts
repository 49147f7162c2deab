import { join } from 'node:path';
import {
  createFleet,
  createInstallation,
  type Installation,
  registerMachines,
} from '../installation.ts';
import { startBackgroundLoad } from '../load/background-load.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { listHeartbeats } from '../load/requests.ts';
import { GENERATOR } from '../load/run-load.ts';
import { FLEET, runNode } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { judge, rateRow } from '../series.ts';
import { percentile } from '../statistics.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const AT_MOST_MS = 100;
const TRANSACTIONS = join(import.meta.dirname, '..', 'write-transactions.ts');

export const cliWrite: Scenario = {
  name: 'cli-write',
  title: 'The command line beside a busy server',
  setup:
    'The whole process of `fleet customer create`, beside an idle server and beside one that takes heartbeats at its full rate over 64 connections, on the same SQLite file and the same cores. The transaction alone is that of a process which is running already.',
  target: 'p99 at most 100 ms above that beside the idle server',
  configure: ({ samples }) => `${samples} commands and transactions each, load from ${GENERATOR}`,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    const requests = listHeartbeats(fleet);
    const run = prepareLoad(context, { name: 'heartbeats', requests, connections: CONNECTIONS });
    const idle = await measure(context, installation, 'idle');
    const load = startBackgroundLoad(() => run(server));
    const busy = await measure(context, installation, 'busy');
    const results = await load.stop();
    const aboveMs = percentile(busy.commandMs, 0.99) - percentile(idle.commandMs, 0.99);
    return [
      rateRow('heartbeats meanwhile', results),
      ...listTimes('command, idle server', idle.commandMs),
      ...listTimes('command, busy server', busy.commandMs),
      {
        label: 'p99 above idle',
        value: aboveMs,
        unit: 'ms',
        target: `≤ ${AT_MOST_MS} ms`,
        ...judge(aboveMs <= AT_MOST_MS, results),
      },
      ...listTimes('transaction alone, idle server', idle.transactionMs),
      ...listTimes('transaction alone, busy server', busy.transactionMs),
    ];
  },
};

interface Times {
  commandMs: number[];
  transactionMs: number[];
}

async function measure(
  { scope, settings }: Context,
  { database, env }: Installation,
  prefix: string,
): Promise<Times> {
  const { samples } = settings;
  const create = (slug: string) => runNode(scope, [FLEET, 'customer', 'create', slug], env);
  // Fills the compile cache.
  await create(`${prefix}-warm`);
  const commandMs: number[] = [];
  while (commandMs.length < samples) {
    const start = performance.now();
    await create(`${prefix}-${commandMs.length}`);
    commandMs.push(performance.now() - start);
  }
  const args = [TRANSACTIONS, database, `${prefix}-transaction`, `${samples}`];
  return { commandMs, transactionMs: JSON.parse(await runNode(scope, args, env)) };
}

function listTimes(label: string, timesMs: readonly number[]): Row[] {
  return [50, 99].map((rank) => ({
    label: `${label}, p${rank}`,
    value: percentile(timesMs, rank / 100),
    unit: 'ms',
  }));
}
