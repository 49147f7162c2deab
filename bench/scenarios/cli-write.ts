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
import { GENERATOR, isValid, type LoadResult } from '../load/run-load.ts';
import { FLEET, runNode } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { judge, rateRow } from '../series.ts';
import { percentile } from '../statistics.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const AT_MOST_MS = 100;
/** Idle and busy take turns, so that a change of the machine's speed meets both alike. */
const BLOCKS = 10;
const TRANSACTIONS = join(import.meta.dirname, '..', 'write-transactions.ts');

export const cliWrite: Scenario = {
  name: 'cli-write',
  title: 'The command line beside a busy server',
  setup:
    'The whole process of `fleet customer create`, beside an idle server and beside one that takes heartbeats at its full rate over 64 connections, in turn in ten blocks, on the same SQLite file and the same cores. The transaction alone is that of a process which is running already.',
  target: 'p99 at most 100 ms above that beside the idle server',
  configure: ({ samples }) => `${samples} commands and transactions each, load from ${GENERATOR}`,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    const requests = listHeartbeats(fleet);
    const run = prepareLoad(context, { name: 'heartbeats', requests, connections: CONNECTIONS });
    return listRows(await measure(context, installation, () => run(server)));
  },
};

interface Times {
  commandMs: number[];
  transactionMs: number[];
}

interface Measured {
  idle: Times[];
  /** Of the blocks with a valid run of load; of all where there is none. */
  busy: Times[];
  load: LoadResult[];
}

async function measure(
  context: Context,
  installation: Installation,
  run: () => Promise<LoadResult>,
): Promise<Measured> {
  const idle: Times[] = [];
  const busy: { times: Times; load: LoadResult[] }[] = [];
  for (const count of split(context.settings.samples)) {
    const take = (kind: string) =>
      takeTimes(context, installation, { prefix: `${kind}-${idle.length}`, count });
    idle.push(await take('idle'));
    const load = startBackgroundLoad(run);
    const times = await take('busy');
    busy.push({ times, load: await load.stop() });
  }
  const valid = busy.filter(({ load }) => load.some(isValid));
  return {
    idle,
    busy: (valid.length > 0 ? valid : busy).map(({ times }) => times),
    load: busy.flatMap(({ load }) => load),
  };
}

/** How many samples each block takes. */
function split(samples: number): number[] {
  const blocks = Math.min(BLOCKS, samples);
  return Array.from({ length: blocks }, (_, block) => Math.floor((samples + block) / blocks));
}

async function takeTimes(
  { scope }: Context,
  { database, env }: Installation,
  { prefix, count }: { prefix: string; count: number },
): Promise<Times> {
  const create = (slug: string) => runNode(scope, [FLEET, 'customer', 'create', slug], env);
  // Fills the compile cache, and gives the load the time to begin.
  await create(`${prefix}-warm`);
  const commandMs: number[] = [];
  while (commandMs.length < count) {
    const start = performance.now();
    await create(`${prefix}-${commandMs.length}`);
    commandMs.push(performance.now() - start);
  }
  const args = [TRANSACTIONS, database, `${prefix}-transaction`, `${count}`];
  return { commandMs, transactionMs: JSON.parse(await runNode(scope, args, env)) };
}

function listRows({ idle, busy, load }: Measured): Row[] {
  const collect = (blocks: readonly Times[], kind: keyof Times) =>
    blocks.flatMap((each) => each[kind]);
  const idleMs = collect(idle, 'commandMs');
  const busyMs = collect(busy, 'commandMs');
  const aboveMs = percentile(busyMs, 0.99) - percentile(idleMs, 0.99);
  return [
    rateRow('heartbeats meanwhile', load),
    ...listTimes('command, idle server', idleMs),
    ...listTimes('command, busy server', busyMs),
    {
      label: 'p99 above idle',
      value: aboveMs,
      unit: 'ms',
      target: `≤ ${AT_MOST_MS} ms`,
      ...judge(aboveMs <= AT_MOST_MS, load),
    },
    ...listTimes('transaction alone, idle server', collect(idle, 'transactionMs')),
    ...listTimes('transaction alone, busy server', collect(busy, 'transactionMs')),
  ];
}

function listTimes(label: string, timesMs: readonly number[]): Row[] {
  return [50, 99].map((rank) => ({
    label: `${label}, p${rank}`,
    value: percentile(timesMs, rank / 100),
    unit: 'ms',
  }));
}
