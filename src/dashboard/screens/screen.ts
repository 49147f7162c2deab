import type { Answer, Asked } from '../data/requests.ts';
import type { Line } from '../drawing/line.ts';
import type { Command, Place } from '../keys.ts';
import type { State } from '../state.ts';
import type { Update } from '../update.ts';

/** A screen: what it asks, how it goes on, and what it looks like. */
export interface Screen {
  /** Whose keys work on it, the nearest first. */
  places: (state: State) => readonly Place[];
  /** What it shows of the data; asked again whenever they changed. */
  ask: (state: State) => readonly Asked[];
  receive: (state: State, answer: Answer) => State;
  /** What is to be asked once the data changed. */
  renew: (state: State) => State;
  /** Null leaves the command to the dashboard. */
  commands: Partial<Record<Command, (state: State) => Update | null>>;
  /** Exactly as many lines as there is room, or fewer. */
  render: (state: State, height: number) => readonly Line[];
}
