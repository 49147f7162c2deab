import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** Time in which a program that follows has begun to; there is no line that says so. */
const START_MS = 1_500;

export interface Following {
  ready: () => Promise<void>;
  nextLine: () => Promise<string>;
  interrupt: () => Promise<{ code: number | null }>;
}

/** Starts a command that goes on until it is interrupted, and reads its lines. */
export function startFollowing(args: readonly string[], database: string): Following {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, FLEET_DATABASE: database, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the program has no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close');
  return {
    ready: () => new Promise((resolve) => setTimeout(resolve, START_MS)),
    nextLine: async () => (await lines.next()).value ?? '',
    interrupt: async () => {
      child.kill('SIGINT');
      const [code] = await ended;
      return { code };
    },
  };
}
