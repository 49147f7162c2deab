// End-to-end tests run what `npm run build` left in dist, through bin/run.js, as a user would.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { askKeeper } from './keeper-client.ts';

export type Environment = Record<string, string>;
export type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type Result = Exit & { stdout: string; stderr: string };
export type RunOptions = {
  env?: Environment;
  input?: string;
  cwd?: string;
  /** An installed `fleet` to run in place of this checkout. */
  program?: string;
};
export type FleetServer = {
  url: string;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Sends the signal (default SIGTERM) and resolves to how the server ended. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
};

type Output = { stdout: string; stderr: string };
type Running = { child: ChildProcess; output: Output; exited: Promise<Exit> };

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const LISTENING_TIMEOUT_MS = 15_000;

// Nothing of the developer's own fleet, colours or configuration reaches the program.
function buildEnvironment(env: Environment = {}): Environment {
  const home = inject('scratch');
  return {
    PATH: process.env.PATH ?? '',
    HOME: join(home, 'home'),
    XDG_CACHE_HOME: home,
    LANG: 'C.UTF-8',
    ...env,
  };
}

/** Starts the built `fleet`; the test ends it. */
export function startProgram(args: string[], { env, cwd, program }: RunOptions): Running {
  const options: SpawnOptions = { env: buildEnvironment(env), stdio: 'pipe', ...(cwd && { cwd }) };
  const child = program
    ? spawn(program, args, options)
    : spawn(process.execPath, [PROGRAM, ...args], options);
  const output: Output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (output.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk) => (output.stderr += chunk));
  // A program that ends without reading its stdin is no failure of the test.
  child.stdin?.on('error', () => undefined);
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, output, exited };
}

/** Runs the built `fleet` to its end; `input` is its stdin, which is empty otherwise. */
export async function runFleet(args: string[], options: RunOptions = {}): Promise<Result> {
  const { child, output, exited } = startProgram(args, options);
  child.stdin?.end(options.input ?? '');
  return { ...(await exited), ...output };
}

function readListeningUrl(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const entry: { msg?: string; url?: string } = JSON.parse(line);
  return entry.msg === 'listening' ? entry.url : undefined;
}

async function waitForUrl({ child, output, exited }: Running): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (why: string) => reject(new Error(`fleet serve ${why}:\n${output.stderr}`));
  const timer = setTimeout(() => fail('did not listen in time'), LISTENING_TIMEOUT_MS);
  exited.then(({ code }) => fail(`exited with ${code}`));
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      const url = readListeningUrl(line);
      if (url) resolve(url);
    });
  }
  return promise.finally(() => clearTimeout(timer));
}

/**
 * Starts `fleet serve --port 0 …args` and resolves once it listens; rejects with its stderr if it
 * does not. The keeper ends the server with the run if the test does not stop it.
 */
export async function startFleet(
  options: { args?: string[]; env?: Environment; program?: string } = {},
): Promise<FleetServer> {
  const { args = [], ...others } = options;
  const running = startProgram(['serve', '--port', '0', ...args], others);
  const { child, output, exited } = running;
  const { pid } = child;
  if (pid === undefined) throw new Error('fleet serve could not be started.');
  exited.then(() => askKeeper({ do: 'unwatch', pid })).catch(() => undefined);
  await askKeeper({ do: 'watch', pid });
  const url = await waitForUrl(running).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url,
    pid,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
