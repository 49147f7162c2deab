/** How the dashboard goes on: from a state and an event to the next state, and what is to be done besides. */
import type { Failure } from './data/messages.ts';
import type { Overview } from './data/overview.ts';
import type { Answer, Asked, ChangeCall, Changed } from './data/requests.ts';
import type { State } from './state.ts';

export type Event =
  /** A key by its name, and the text that it stands for. */
  | { type: 'key'; key: string; typed: string }
  | { type: 'resize'; columns: number; rows: number }
  | { type: 'overview'; overview: Overview }
  | { type: 'answer'; answer: Answer }
  | { type: 'unanswered'; asked: Asked; failure: Failure }
  | { type: 'changed'; changed: Changed }
  | { type: 'refused'; call: ChangeCall; failure: Failure };

/** What the world outside has to do. */
export type Effect =
  | { kind: 'quit' }
  | { kind: 'copy'; text: string }
  | { kind: 'change'; call: ChangeCall }
  | { kind: 'refresh' };

export interface Update {
  state: State;
  effects: readonly Effect[];
}

/** The next state, with nothing to be done. */
export function go(state: State): Update {
  return { state, effects: [] };
}

/** The next state, and what is to be done. */
export function goAnd(state: State, ...effects: readonly Effect[]): Update {
  return { state, effects };
}
