import { parseArgs } from 'node:util';
import type { Scenario, Settings } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

export interface Options {
  scenarios: readonly Scenario[];
  settings: Settings;
  /** Whether docs/performance.md is written. */
  isWriting: boolean;
  /** What is shown in place of running anything. */
  show: 'help' | 'list' | null;
}

/** What is wrong with the command line, as a sentence. */
export class UsageError extends Error {}

export const HELP = `npm run bench -- [options]

  --only a,b            only these scenarios
  --list                names them
  --seconds 5           how long one run of load lasts
  --rounds 3            measured rounds, after one that warms up
  --samples 200         runs of a command whose time is taken (cli-write)
  --growth 1000000      heartbeats (growth)
  --memory-seconds 60   how long the load lasts (memory)
  --postgres-minutes 1  how long the long run lasts (postgres)
  --write               writes the results to docs/performance.md
`;

const FLAGS = {
  only: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  write: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '5' },
  rounds: { type: 'string', default: '3' },
  samples: { type: 'string', default: '200' },
  growth: { type: 'string', default: '1000000' },
  'memory-seconds': { type: 'string', default: '60' },
  'postgres-minutes': { type: 'string', default: '1' },
} as const;

/** Reads the command line; throws a UsageError for what it cannot be. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const read = (name: keyof typeof values) => readNumber(name, String(values[name]));
  return {
    scenarios: values.only === undefined ? SCENARIOS : values.only.split(',').map(findScenario),
    settings: {
      seconds: read('seconds'),
      rounds: read('rounds'),
      samples: read('samples'),
      growth: read('growth'),
      memorySeconds: read('memory-seconds'),
      postgresMinutes: read('postgres-minutes'),
    },
    isWriting: values.write,
    show: values.help ? 'help' : values.list ? 'list' : null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new UsageError(`--${name} must be a whole number from 1 on.`);
}

function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario) return scenario;
  const names = SCENARIOS.map((each) => each.name).join(', ');
  throw new UsageError(`There is no scenario '${name}', only: ${names}.`);
}
