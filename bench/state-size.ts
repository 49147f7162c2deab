/**
 * How large an installation is: bytes in the database for each instance, and of write-ahead log for
 * each heartbeat. The figures of docs/scaling.md.
 *
 *     node bench/state-size.ts [--instances 100000] [--rounds 5] [--on sqlite,postgres]
 */
import { parseOptions, readNumber, UsageError } from './arguments.ts';
import { withScratchDirectory } from './scope.ts';
import { DATABASES, type MeasuredDatabase } from './state-size/databases.ts';
import { BATCH, createDevices, START_MS, sendAll } from './state-size/devices.ts';

const BEAT_MS = 60_000;
const EXIT_USAGE = 2;
const FLAGS = {
  instances: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '5' },
  on: { type: 'string', default: 'sqlite,postgres' },
} as const;

interface Options {
  instances: number;
  rounds: number;
  on: readonly string[];
}

function readOptions(): Options {
  const values = parseOptions(process.argv.slice(2), FLAGS);
  const on = values.on.split(',');
  const unknown = on.find((name) => !DATABASES.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no '${unknown}', only: ${[...DATABASES.keys()].join(', ')}.`);
  }
  return {
    instances: readNumber('instances', values.instances),
    rounds: readNumber('rounds', values.rounds),
    on,
  };
}

async function measure(
  name: string,
  { db, size, log }: MeasuredDatabase,
  { instances, rounds }: Options,
): Promise<void> {
  const report = (what: string, bytes: number) =>
    process.stdout.write(`${name.padEnd(12)}${what.padEnd(44)}${Math.round(bytes)} bytes\n`);
  const devices = await createDevices(db, instances);
  const empty = await size();
  for (const endpoint of ['heartbeat', 'status', 'diagnostics'] as const) {
    await sendAll(db, devices, { endpoint, atMs: START_MS });
  }
  report('an instance, registered', ((await size()) - empty) / instances);
  const before = await log();
  for (let round = 1; round <= rounds; round++) {
    await sendAll(db, devices, { endpoint: 'heartbeat', atMs: START_MS + round * BEAT_MS });
  }
  const after = await log();
  report(`an instance, ${rounds} heartbeats later`, ((await size()) - empty) / instances);
  if (before === null || after === null) return;
  report(`log of a heartbeat, ${BATCH} a transaction`, (after - before) / instances / rounds);
}

try {
  const options = readOptions();
  for (const name of options.on) {
    const open = DATABASES.get(name);
    await withScratchDirectory('fleet-size-', async (scope, directory) => {
      if (open) await measure(name, await open(scope, directory), options);
    });
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_USAGE;
}
