/** A program in a terminal of its own, made by `script` of util-linux: Node has no pseudo-terminals. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteWord } from '../src/domain/text/shell-word.ts';
import type { Environment } from './processes.ts';
import type { Scope } from './scope.ts';

const SIZE = { columns: 120, rows: 40 };

/** Without any output for this long, the program has nothing to say. */
const SILENCE_MS = 20_000;

/** Returns whether this machine can make such a terminal. */
export function hasTerminal(): boolean {
  return spawnSync('script', ['--version']).status === 0;
}

export class Terminal {
  readonly #child: ChildProcess;
  #heard = Promise.withResolvers<string>();

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#heard.resolve(text);
      this.#heard = Promise.withResolvers<string>();
    });
  }

  /** The process of the program itself; null where there is no /proc. */
  findPid(): number | null {
    try {
      const path = `/proc/${this.#child.pid}/task/${this.#child.pid}/children`;
      return Number(readFileSync(path, 'utf8').trim().split(' ')[0]);
    } catch {
      return null;
    }
  }

  /** Waits until the program writes a text. */
  async waitFor(text: string): Promise<void> {
    let seen = '';
    while (!seen.includes(text)) seen = (seen + (await this.#next())).slice(-100_000);
  }

  /** Presses a key and returns after how many milliseconds the program painted. */
  async press(key: string): Promise<number> {
    const painted = this.#next();
    const start = performance.now();
    this.#child.stdin?.write(key);
    await painted;
    return performance.now() - start;
  }

  /** Ends the program by its own key. */
  async quit(key: string): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.write(key);
    await ended;
  }

  async #next(): Promise<string> {
    const waiting = new AbortController();
    const silence = sleep(SILENCE_MS, undefined, { signal: waiting.signal }).then(() => {
      throw new Error('The program in the terminal says nothing.');
    });
    try {
      return await Promise.race([this.#heard.promise, silence]);
    } finally {
      silence.catch(() => undefined);
      waiting.abort();
    }
  }
}

/** Starts a program of Node in a terminal of 120 × 40. */
export async function startInTerminal(
  scope: Scope,
  args: readonly string[],
  env: Environment,
): Promise<Terminal> {
  const command = [process.execPath, ...args].map(quoteWord).join(' ');
  const line = `stty cols ${SIZE.columns} rows ${SIZE.rows}; exec ${command}`;
  const child = spawn('script', ['-qfec', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...env, TERM: 'xterm-256color' },
  });
  await scope.add(() => child.kill());
  return new Terminal(child);
}
