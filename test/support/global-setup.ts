import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Scratch directory of this run; the keeper deletes it however the run ends. */
    scratch: string;
    /** Path of the unix socket at which the keeper takes requests. */
    keeperSocket: string;
  }
}

/**
 * Starts the keeper of this run (see keeper.ts) and provides its addresses to the tests. The
 * keeper has a session of its own, so that Ctrl-C does not reach it; it ends when the pipe that is
 * its stdin closes, which the kernel does for a vitest that was killed.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(keeper, 'exit');
  const [line] = await Promise.race([
    once(createInterface(keeper.stdout), 'line'),
    exited.then(([code]) => Promise.reject(new Error(`The test keeper exited with ${code}.`))),
  ]);
  const { scratch, socket } = JSON.parse(line);
  project.provide('scratch', scratch);
  project.provide('keeperSocket', socket);
  return async () => {
    keeper.stdin.end();
    await exited;
  };
}
