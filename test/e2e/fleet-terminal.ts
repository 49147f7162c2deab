import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createScratchDirectory } from '../support/databases.ts';
import { askKeeper } from '../support/keeper-client.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface FleetTerminal extends Terminal {
  /** Sends a signal to the `fleet` that was started last. */
  signal(name: NodeJS.Signals): void;
  /** Whether that one still runs. */
  isRunning(): boolean;
  directory: string;
}

export interface FleetTerminalOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

const open = new Set<FleetTerminal>();

/** Opens a terminal in which `fleet` is the built program. */
export async function openFleetTerminal(
  options: FleetTerminalOptions = {},
): Promise<FleetTerminal> {
  const { columns = 120, rows = 36, env = {} } = options;
  const directory = await createScratchDirectory();
  const pidFile = join(directory, 'pid');
  const shell = await openTerminal({
    ...{ columns, rows, directory },
    env: {
      PATH: `${installWrapper(directory, pidFile)}:${process.env.PATH}`,
      HOME: join(directory, 'home'),
      TMPDIR: makeDirectory(join(directory, 'tmp')),
      ...{ LANG: 'C.UTF-8', TZ: 'UTC' },
      ...env,
    },
  });
  await askKeeper({ do: 'watch', pid: shell.pid });
  const terminal: FleetTerminal = {
    ...shell,
    directory,
    signal: (name) => void process.kill(readPid(pidFile), name),
    isRunning: () => isAlive(readPid(pidFile)),
    end: async () => {
      open.delete(terminal);
      await shell.end();
      await askKeeper({ do: 'unwatch', pid: shell.pid });
    },
  };
  open.add(terminal);
  return terminal;
}

/** Opens a terminal with the dashboard in it. */
export async function openDashboard(options: FleetTerminalOptions = {}): Promise<FleetTerminal> {
  const terminal = await openFleetTerminal(options);
  await terminal.run('fleet dashboard');
  await terminal.see('? help');
  return terminal;
}

/** Ends what a test left open. */
export async function endTerminals(): Promise<void> {
  await Promise.all([...open].map((terminal) => terminal.end()));
}

/** Returns the directory of a `fleet` that notes its process id before it starts. */
function installWrapper(directory: string, pidFile: string): string {
  const bin = makeDirectory(join(directory, 'bin'));
  const node = `exec '${process.execPath}' '${PROGRAM}' "$@"`;
  writeFileSync(join(bin, 'fleet'), `#!/bin/sh\necho $$ > '${pidFile}'\n${node}\n`, {
    mode: 0o755,
  });
  return `${bin}:${dirname(process.execPath)}`;
}

function makeDirectory(path: string): string {
  mkdirSync(path);
  return path;
}

function readPid(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
