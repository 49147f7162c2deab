/**
 * How long the command line takes to start, against a bare `node -e 0` of the same Node: all of
 * them in turn, round after round, medians compared. Absolute figures depend on the machine; the
 * ratio is what counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

export interface StartupRow {
  command: string;
  medianMs: number;
  /** Against bare Node; 1 is its own row. */
  ratio: number;
}

const FLEET = join(import.meta.dirname, '..', 'bin', 'run.js');
const CUSTOMERS = 50;
const CASES: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'fleet --version': [FLEET, '--version'],
  'fleet --help': [FLEET, '--help'],
  'fleet customer list --json': [FLEET, 'customer', 'list', '--json'],
};
const CONDITIONS = `${CUSTOMERS} customers on SQLite, compile cache warm, XDG directories of its own`;

/** Measures each case `rounds` times, after one round that fills the compile cache. */
export function measureStartup(rounds: number): StartupRow[] {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-startup-'));
  try {
    const env = isolate(directory);
    for (let number = 1; number <= CUSTOMERS; number++) {
      run([FLEET, 'customer', 'create', `customer-${number}`], env);
    }
    for (const args of Object.values(CASES)) run(args, env);
    return toRows(Array.from({ length: rounds }, () => measureRound(env)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The rows as a table, with what was measured above it. */
export function renderStartup(rows: readonly StartupRow[], rounds: number): string {
  const width = Math.max(...rows.map(({ command }) => command.length));
  const lines = rows.map(
    ({ command, medianMs, ratio }) =>
      `${command.padEnd(width)}  ${medianMs.toFixed(1).padStart(6)} ms  ${ratio.toFixed(2).padStart(5)} x`,
  );
  return [`Start-up, medians of ${rounds} (${CONDITIONS}):`, ...lines, ''].join('\n');
}

function isolate(directory: string): NodeJS.ProcessEnv {
  const paths = ['CACHE', 'CONFIG', 'DATA', 'STATE'].map((kind) => {
    const path = join(directory, kind.toLowerCase());
    mkdirSync(path);
    return [`XDG_${kind}_HOME`, path] as const;
  });
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FLEET|NODE)_/.test(name));
  return Object.fromEntries([...inherited, ...paths]);
}

function measureRound(env: NodeJS.ProcessEnv): number[] {
  return Object.values(CASES).map((args) => run(args, env));
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  const elapsedMs = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return elapsedMs;
}

function toRows(rounds: readonly number[][]): StartupRow[] {
  const medians = Object.keys(CASES).map((_, at) =>
    medianOf(rounds.map((round) => round[at] ?? 0)),
  );
  const bare = medians[0] ?? Number.NaN;
  return Object.keys(CASES).map((command, at) => {
    const medianMs = medians[at] ?? Number.NaN;
    return { command, medianMs, ratio: medianMs / bare };
  });
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, two) => one - two)[values.length >> 1] as number;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } });
  const rounds = Number(values.rounds);
  process.stdout.write(renderStartup(measureStartup(rounds), rounds));
}
