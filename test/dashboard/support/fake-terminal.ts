/** A terminal to draw on and to type into, of which a test sees every byte. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../../src/dashboard/terminal.ts';

/** Longer than what is waited for in case an escape sequence goes on, and than a frame. */
const SETTLE_MS = 60;

export class FakeTerminal {
  readonly stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (isRaw: boolean) => {
      this.isRaw = isRaw;
      return this.stdin;
    },
    ref: () => this.stdin,
    unref: () => this.stdin,
  });
  readonly stdout: EventEmitter & { columns: number; rows: number };
  isRaw = false;
  /** Everything that was written. */
  readonly writes: string[] = [];

  constructor({ columns = 100, rows = 30 } = {}) {
    const write = (text: string, ...rest: unknown[]) => {
      this.writes.push(String(text));
      const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
      done?.();
      return true;
    };
    this.stdout = Object.assign(new EventEmitter(), { isTTY: true, columns, rows, write });
  }

  /** As the dashboard takes it. */
  as({ isColourful }: { isColourful: boolean }): Terminal {
    return { stdin: this.stdin, stdout: this.stdout, isColourful } as unknown as Terminal;
  }

  /** Types bytes as a terminal sends them, all at once, and waits long enough for them to be heard. */
  async type(bytes: string): Promise<void> {
    this.stdin.write(bytes);
    await this.settle();
  }

  async resize(columns: number, rows: number): Promise<void> {
    Object.assign(this.stdout, { columns, rows }).emit('resize');
    await this.settle();
  }

  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** Everything that was written, as one text. */
  get output(): string {
    return this.writes.join('');
  }
}
