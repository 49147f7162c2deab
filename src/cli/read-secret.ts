import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FleetError } from '../domain/errors.ts';
import { writeNote } from './output.ts';

/** Reads a secret from stdin: all of it from a pipe or a file, on a terminal one line that is not shown. */
export async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  writeNote(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  // Ctrl-C, and Ctrl-D without an answer.
  for (const event of ['SIGINT', 'close'] as const) {
    terminal.once(event, () => reject(new FleetError('interrupted', 'Interrupted.')));
  }
  try {
    return (await Promise.race([terminal.question(''), interrupted])).trim();
  } finally {
    interrupted.catch(() => undefined);
    terminal.close();
  }
}
