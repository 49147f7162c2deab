// A real terminal for a program: a tmux server of its own, of which nobody else's tmux knows.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface TerminalOptions {
  columns: number;
  rows: number;
  /** For the socket and for what the program writes; the caller removes it. */
  directory: string;
  /** All of the environment that the shell gets, besides what tmux sets. */
  env: Readonly<Record<string, string>>;
}

/** What has to be there. */
export type Expected = string | RegExp | ((screen: string) => boolean);

export interface Terminal {
  /** The process that ends everything in the terminal when it ends. */
  pid: number;
  /** Types a command and enter. */
  run(command: string): Promise<void>;
  /** Presses keys, by the names of tmux such as Escape and C-c, one after the other. */
  press(...keys: string[]): Promise<void>;
  /** Types a text at once. */
  type(text: string): Promise<void>;
  screen(): Promise<string>;
  /** The screen with its escape sequences for colours and the like. */
  styledScreen(): Promise<string>;
  /** Waits for the screen to show it and returns the screen; fails with what is there instead. */
  see(expected: Expected): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** Every byte that was written to the terminal so far. */
  raw(): string;
  /** Waits for it to be written, and returns every byte so far. */
  seeRaw(expected: Expected): Promise<string>;
  end(): Promise<void>;
}

const POLL_MS = 50;
const PATIENCE_MS = 15_000;
/** An escape with something right after it would be alt and that key. */
const AFTER_ESCAPE_MS = 150;

const run = promisify(execFile);

/** Opens a terminal with a shell in it. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { columns, rows, directory, env } = options;
  const socket = join(directory, 'tmux');
  const output = join(directory, 'output');
  const tmux = async (...args: string[]) =>
    (await run('tmux', ['-u', '-f', '/dev/null', '-S', socket, ...args], { env })).stdout;
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux('new-session', '-d', ...size, 'exec sh', ';', 'set', '-s', 'escape-time', '0');
  await tmux('pipe-pane', `exec cat >> '${output}'`);
  await tmux('set', 'status', 'off');
  await tmux('resize-window', ...size);
  const pid = Number(await tmux('display-message', '-p', '#{pid}'));
  const screen = () => tmux('capture-pane', '-p');
  const terminal: Terminal = {
    pid,
    run: async (command) => {
      await terminal.type(command);
      await terminal.press('Enter');
    },
    press: async (...keys) => {
      for (const key of keys) {
        await tmux('send-keys', key);
        await sleep(key === 'Escape' ? AFTER_ESCAPE_MS : 0);
      }
    },
    type: async (text) => void (await tmux('send-keys', '-l', '--', text)),
    screen,
    styledScreen: () => tmux('capture-pane', '-e', '-N', '-p'),
    see: (expected) => waitFor(screen, expected),
    resize: async (x, y) => void (await tmux('resize-window', '-x', String(x), '-y', String(y))),
    raw: () => readFileSync(output, 'utf8'),
    seeRaw: (expected) => waitFor(async () => terminal.raw(), expected),
    end: async () => void (await tmux('kill-server').catch(() => undefined)),
  };
  // What is typed before the prompt would stand before it.
  await terminal.see(/\S/);
  return terminal;
}

async function waitFor(read: () => Promise<string>, expected: Expected): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const screen = await read();
    if (isThere(screen, expected)) return screen;
    if (Date.now() > deadline) throw new Error(`${expected} is not there:\n${screen}`);
    await sleep(POLL_MS);
  }
}

function isThere(screen: string, expected: Expected): boolean {
  if (typeof expected === 'string') return screen.includes(expected);
  return expected instanceof RegExp ? expected.test(screen) : expected(screen);
}
