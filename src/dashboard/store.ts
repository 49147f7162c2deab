import { describeFailure } from '../cli/failure.ts';
import type { DataClient } from './data/data-client.ts';
import type { Failure } from './data/messages.ts';
import type { Answer, Asked, ChangeCall, Changed } from './data/requests.ts';
import { listAsked, update } from './dispatch.ts';
import type { State } from './state.ts';
import type { Effect, Event } from './update.ts';

export interface StoreOptions {
  start: State;
  data: DataClient;
  copy: (text: string) => void;
  quit: () => void;
}

interface Question {
  text: string;
  /** Of which judgement of the fleet the answer is. */
  revision: number;
  isWaiting: boolean;
}

/** Holds the state, lets events change it, and sees to it that what is shown is asked for. */
export class Store {
  readonly #options: StoreOptions;
  readonly #listeners = new Set<() => void>();
  /** The last question of each kind: one at a time, and the newest one next. */
  readonly #questions = new Map<Asked['kind'], Question>();
  #state: State;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#state = options.start;
  }

  readonly getState = (): State => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (event: Event): void => {
    const { state, effects } = update(this.#state, event);
    const isNew = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#askWhatIsMissing();
    if (isNew) for (const listener of this.#listeners) listener();
  };

  #carryOut(effect: Effect): void {
    if (effect.kind === 'copy') this.#options.copy(effect.text);
    else if (effect.kind === 'quit') this.#options.quit();
    else if (effect.kind === 'refresh') this.#options.data.refresh();
    else void this.#change(effect.call);
  }

  #askWhatIsMissing(): void {
    const revision = this.#state.overview?.revision ?? 0;
    const shown = listAsked(this.#state);
    this.#forgetAllBut(shown);
    for (const asked of shown) {
      const text = JSON.stringify(asked.input);
      const last = this.#questions.get(asked.kind);
      const isKnown = last?.text === text && last.revision === revision;
      if (isKnown || last?.isWaiting) continue;
      this.#questions.set(asked.kind, { text, revision, isWaiting: true });
      void this.#ask(asked);
    }
  }

  /** What is no longer shown is asked for anew once it is shown again: its answer is gone. */
  #forgetAllBut(shown: readonly Asked[]): void {
    const kinds = new Set(shown.map(({ kind }) => kind));
    for (const [kind, { isWaiting }] of this.#questions) {
      if (!isWaiting && !kinds.has(kind)) this.#questions.delete(kind);
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const event = await this.#findAnswer(asked);
    const question = this.#questions.get(asked.kind);
    if (question) question.isWaiting = false;
    this.dispatch(event);
  }

  async #findAnswer(asked: Asked): Promise<Event> {
    try {
      const output = await this.#options.data.ask(asked.kind, asked.input);
      return { type: 'answer', answer: { ...asked, output } as Answer };
    } catch (error) {
      return { type: 'unanswered', asked, failure: toFailure(error) };
    }
  }

  async #change(call: ChangeCall): Promise<void> {
    try {
      const output = await this.#options.data.ask(call.name, call.input);
      this.dispatch({ type: 'changed', changed: { ...call, output } as Changed });
    } catch (error) {
      this.dispatch({ type: 'refused', call, failure: toFailure(error) });
    }
  }
}

function toFailure(error: unknown): Failure {
  const { code, message, hint = null } = describeFailure(error);
  return { code, message, hint };
}
