/** The programs that are measured: every one in a process of its own, ended with its scope. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Scope } from './scope.ts';

export interface ServerProcess {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

export type Environment = Record<string, string>;

/** The built program, as a user starts it. */
export const FLEET = join(import.meta.dirname, '..', 'bin', 'run.js');
export const CEILING = join(import.meta.dirname, 'ceiling.ts');
export const FAST_CEILING = join(import.meta.dirname, 'fast-ceiling.ts');

const STOP_LIMIT_MS = 15_000;

/** Nothing of the user's own fleet, configuration or compile cache takes part. */
export function createEnvironment(home: string): Environment {
  const cache = join(home, 'cache');
  // Where the directory is missing, the program does without a compile cache.
  mkdirSync(cache, { recursive: true });
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CACHE_HOME: cache,
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
  };
}

/** Starts a program of Node that logs `"msg":"listening"` and its `url` as JSON on stderr. */
export async function startServer(
  scope: Scope,
  args: readonly string[],
  env: Environment,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'pipe'], env });
  const stop = () => stopProcess(child);
  await scope.add(stop);
  const url = await readUrl(child);
  return { url, pid: child.pid ?? 0, stop };
}

/** Runs a program of Node to its end and returns its stdout; throws with its stderr where it fails. */
export async function runNode(
  scope: Scope,
  args: readonly string[],
  env: Environment,
): Promise<string> {
  return await runProgram(scope, process.execPath, { args, env });
}

/** Runs any program to its end and returns its stdout; `onStart` is told its process id. */
export async function runProgram(
  scope: Scope,
  program: string,
  options: { args: readonly string[]; env: Environment; onStart?: (pid: number) => void },
): Promise<string> {
  const { args, env, onStart } = options;
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  await scope.add(() => stopProcess(child));
  if (child.pid !== undefined) onStart?.(child.pid);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      output[name] += chunk;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${code}\n${output.stderr}`);
  return output.stdout;
}

async function readUrl(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('The process has no stderr.');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = line.startsWith('{') ? (JSON.parse(line) as { url?: string }).url : undefined;
    if (url === undefined) continue;
    child.stderr.resume();
    return url;
  }
  throw new Error(`The process ended before it listened:\n${said.join('\n')}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  const hasEnded = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  if (hasEnded) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(limit);
}
