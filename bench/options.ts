import { parseOptions, readNumber, UsageError } from './arguments.ts';
import type { Scenario, Settings } from './scenario.ts';
import { FIRST_HEARTBEATS } from './scenarios/growth.ts';
import { SCENARIOS } from './scenarios/index.ts';

export interface Options {
  scenarios: readonly Scenario[];
  settings: Settings;
  /** Whether docs/performance.md is written. */
  isWriting: boolean;
  /** What is shown in place of running anything. */
  show: 'help' | 'list' | null;
}

export const HELP = `npm run bench -- [options]

  --only a,b            only these scenarios
  --list                names them
  --seconds 5           how long one run of load lasts
  --rounds 3            measured rounds, after one that warms up
  --samples 200         runs of a command whose time is taken (cli-write)
  --growth 1000000      heartbeats, more than 100,000 (growth)
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
  const values = parseOptions(args, FLAGS);
  const read = (name: keyof typeof values, least = 1) =>
    readNumber(name, String(values[name]), least);
  return {
    scenarios: values.only === undefined ? SCENARIOS : values.only.split(',').map(findScenario),
    settings: {
      seconds: read('seconds'),
      rounds: read('rounds'),
      samples: read('samples'),
      // As many at least as are compared with, and one.
      growth: read('growth', FIRST_HEARTBEATS + 1),
      memorySeconds: read('memory-seconds'),
      postgresMinutes: read('postgres-minutes'),
    },
    isWriting: values.write,
    show: values.help ? 'help' : values.list ? 'list' : null,
  };
}

function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario) return scenario;
  const names = SCENARIOS.map((each) => each.name).join(', ');
  throw new UsageError(`There is no scenario '${name}', only: ${names}.`);
}
