import { createInterface } from 'node:readline/promises';
import { FleetError } from '../domain/errors.ts';

interface ConfirmOptions {
  yes: boolean;
  /** What it takes away is gone: where nobody can be asked, `yes` must be given. */
  isFinal?: boolean;
}

/**
 * Asks on a terminal whether a severe action is meant; returns at once with `yes`, and never waits
 * where nobody could answer. Throws unless the answer is yes.
 */
export async function confirm(
  question: string,
  { yes, isFinal = false }: ConfirmOptions,
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    if (isFinal) throw new FleetError('usage', `${question} Nobody can be asked: --yes is needed.`);
    return;
  }
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
