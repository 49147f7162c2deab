import { createInterface } from 'node:readline/promises';
import { FleetError } from '../domain/errors.ts';

/**
 * Asks on a terminal whether a severe action is meant; returns at once with `yes`, or where nobody
 * could answer, so that no script ever waits. Throws unless the answer is yes.
 */
export async function confirm(question: string, { yes }: { yes: boolean }): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const answer = await ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new FleetError('failure', 'Not confirmed: nothing was changed.', { hint: '--yes' });
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const { promise: interrupted, reject } = Promise.withResolvers<string>();
  terminal.once('SIGINT', () => reject(new FleetError('interrupted', 'Interrupted.')));
  // Ctrl-D closes without an answer.
  terminal.once('close', () => reject(new FleetError('interrupted', 'Interrupted.')));
  try {
    return await Promise.race([terminal.question(question), interrupted]);
  } finally {
    interrupted.catch(() => undefined);
    terminal.close();
  }
}
