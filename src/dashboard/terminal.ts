import { isColourful } from '../cli/colour.ts';

/** What the dashboard is drawn on and hears keys from. */
export interface Terminal {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  isColourful: boolean;
}

/** Returns the terminal of this process; null where there is none, or one that can only be written to line by line. */
export function findTerminal(): Terminal | null {
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY || env.TERM === 'dumb') return null;
  return { stdin, stdout, isColourful: isColourful(stdout) };
}
