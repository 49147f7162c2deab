import { createFleet, createInstallation, type Installation } from '../installation.ts';
import { FLEET, runNode } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { median } from '../statistics.ts';

interface Case {
  label: string;
  args: readonly string[];
  atMost?: number;
}

const CUSTOMERS = 50;
const ROUNDS = 20;
const BARE: Case = { label: 'node -e 0', args: ['-e', '0'] };
const CASES: readonly Case[] = [
  BARE,
  { label: 'fleet --version', args: [FLEET, '--version'], atMost: 2.5 },
  { label: 'fleet --help', args: [FLEET, '--help'], atMost: 2.5 },
  {
    label: 'fleet customer list --json',
    args: [FLEET, 'customer', 'list', '--json'],
    atMost: 3,
  },
];

export const startup: Scenario = {
  name: 'startup',
  title: 'Start of the command line',
  setup:
    'Whole processes in turn, medians of 20, compile cache warm; the list has 50 customers. They are compared with a Node that does nothing.',
  target: 'at most 2.5 times a bare Node for help and version, 3 times for a list',
  configure: () => `${ROUNDS} rounds`,
  async run(context) {
    const installation = createInstallation(context);
    for (let index = 0; index < CUSTOMERS; index += 1) {
      await createFleet(installation, { customer: `customer-${index}`, machines: 0, tokens: 0 });
    }
    const times = await measure(context, installation);
    const bareMs = median(times.get(BARE) ?? []);
    return CASES.map((each) => toRow(each, median(times.get(each) ?? []), bareMs));
  },
};

async function measure({ scope }: Context, { env }: Installation): Promise<Map<Case, number[]>> {
  const times = new Map<Case, number[]>(CASES.map((each) => [each, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [{ args }, list] of times) {
      const start = performance.now();
      await runNode(scope, args, env);
      // The first round fills the compile cache.
      if (round > 0) list.push(performance.now() - start);
    }
  }
  return times;
}

function toRow({ label, atMost }: Case, value: number, bareMs: number): Row {
  const row = { label, value, unit: 'ms' };
  if (atMost === undefined) return row;
  const ratio = value / bareMs;
  return { ...row, ratio, target: `≤ ${atMost.toFixed(1)} of bare Node`, met: ratio <= atMost };
}
