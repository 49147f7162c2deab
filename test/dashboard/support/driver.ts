/** The dashboard as its user meets it, without a terminal: keys and answers in, the screen out. */
import type {
  Answer,
  Asked,
  ChangeCall,
  Changed,
  Question,
} from '../../../src/dashboard/data/requests.ts';
import { listAsked, update } from '../../../src/dashboard/dispatch.ts';
import { renderFrame } from '../../../src/dashboard/drawing/frame.ts';
import type { Line } from '../../../src/dashboard/drawing/line.ts';
import { type State, startState } from '../../../src/dashboard/state.ts';
import type { Effect, Event } from '../../../src/dashboard/update.ts';
import { overview } from './rows.ts';

type OutputOf<Kind extends Question> = Extract<Answer, { kind: Kind }>['output'];

export class Driver {
  state: State;
  /** Everything that was to be done, in order. */
  readonly effects: Effect[] = [];

  constructor({ columns = 100, rows = 30 } = {}) {
    this.state = startState({ columns, rows, database: 'fleet.db' });
    this.send({ type: 'overview', overview: overview() });
  }

  send(event: Event): this {
    const { state, effects } = update(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  /** Presses keys by their names. */
  press(...keys: string[]): this {
    for (const key of keys) this.send({ type: 'key', key, typed: key.length === 1 ? key : '' });
    return this;
  }

  /** Types a text, a character at a time. */
  type(text: string): this {
    for (const typed of text) {
      this.send({ type: 'key', key: typed === ' ' ? 'space' : typed, typed });
    }
    return this;
  }

  asked<Kind extends Question>(kind: Kind): Extract<Asked, { kind: Kind }> | undefined {
    const found = listAsked(this.state).find((each) => each.kind === kind);
    return found as Extract<Asked, { kind: Kind }> | undefined;
  }

  /** Answers what is asked. */
  answer<Kind extends Question>(kind: Kind, output: OutputOf<Kind>): this {
    const asked = this.asked(kind);
    if (!asked) throw new Error(`Nobody asks for ${kind}.`);
    return this.send({ type: 'answer', answer: { ...asked, output } as Answer });
  }

  /** Answers what is asked with a list that is here as a whole. */
  list(
    kind: 'fleet' | 'customers' | 'diagnostics' | 'rejections',
    rows: readonly { key: string }[],
  ): this {
    const { key, index: near } = this.asked(kind)?.input.slice ?? { key: null, index: 0 };
    const found = rows.findIndex((row) => row.key === key);
    const index = Math.max(0, found === -1 ? Math.min(near, rows.length - 1) : found);
    const window = { rows, from: 0, total: rows.length, index };
    const counted = { window, matching: rows.length, notRecorded: 0 };
    const isBare = kind === 'fleet' || kind === 'customers';
    return this.answer(kind, (isBare ? window : counted) as never);
  }

  /** What is to be changed by now, and nothing else. */
  change(): ChangeCall | undefined {
    const last = this.effects.at(-1);
    return last?.kind === 'change' ? last.call : undefined;
  }

  /** Lets the change succeed that was asked for last. */
  succeed(output: Changed['output']): this {
    const call = this.change();
    if (!call) throw new Error('Nothing is to be changed.');
    return this.send({ type: 'changed', changed: { ...call, output } as Changed });
  }

  /** Lets the change be refused that was asked for last. */
  refuse(message: string, hint: string | null = null): this {
    const call = this.change();
    if (!call) throw new Error('Nothing is to be changed.');
    return this.send({ type: 'refused', call, failure: { code: 'conflict', message, hint } });
  }

  lines(): string[] {
    return renderFrame(this.state).map(textOf);
  }

  screen(): string {
    return this.lines().join('\n');
  }

  /** The row that is marked as the selected one. */
  selected(): string {
    return this.lines().findLast((line) => line.startsWith('> ')) ?? '';
  }
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}
