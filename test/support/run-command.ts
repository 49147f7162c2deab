import { fileURLToPath } from 'node:url';
import type { Command } from '@oclif/core/command';
import { Config } from '@oclif/core/config';

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** The exit code that the program would end with. */
  exit: number;
}

type RunnableCommand = { run(argv: string[], config: Config): Promise<unknown> };
type Stream = 'stdout' | 'stderr';

const root = fileURLToPath(new URL('../..', import.meta.url));
let config: Promise<Config> | undefined;

/**
 * Runs a command of src in this process, on the database at `database`, and returns what it wrote.
 * One at a time: output and environment are those of the process.
 */
export async function runCommand(
  command: RunnableCommand | typeof Command,
  argv: string[],
  { database, onOutput }: { database: string; onOutput?: (stdout: string) => void },
): Promise<CommandResult> {
  config ??= Config.load({ root });
  const loaded = await config;
  const result: CommandResult = { stdout: '', stderr: '', exit: 0 };
  const restore = [
    setEnvironment('FLEET_DATABASE', database),
    setEnvironment('XDG_CONFIG_HOME', '/nonexistent'),
    capture('stdout', (text) => {
      result.stdout += text;
      onOutput?.(result.stdout);
    }),
    capture('stderr', (text) => {
      result.stderr += text;
    }),
  ];
  try {
    await (command as RunnableCommand).run(argv, loaded);
    result.exit = Number(process.exitCode ?? 0);
  } catch (error) {
    result.exit = (error as { oclif?: { exit?: number } }).oclif?.exit ?? 1;
  } finally {
    process.exitCode = undefined;
    for (const undo of restore) undo();
  }
  return result;
}

function setEnvironment(name: string, value: string): () => void {
  const before = process.env[name];
  process.env[name] = value;
  return () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}

/** Takes what is written to the stream, until the returned function is called. */
export function capture(stream: Stream, take: (text: string) => void): () => void {
  const write = process[stream].write;
  process[stream].write = ((chunk: string | Uint8Array) => {
    take(String(chunk));
    return true;
  }) as typeof write;
  return () => {
    process[stream].write = write;
  };
}
