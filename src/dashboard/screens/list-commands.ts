import { type Keyed, type List, moveBy } from '../list.ts';
import { eachMove } from '../scrolling.ts';
import type { State } from '../state.ts';
import { go } from '../update.ts';
import type { Screen } from './screen.ts';

interface ListAt<Row extends Keyed> {
  get: (state: State) => List<Row>;
  set: (state: State, list: List<Row>) => State;
  /** The rows that the list has on the screen. */
  height: (state: State) => number;
}

/** Returns the commands that move within a list. */
export function moveIn<Row extends Keyed>({ get, set, height }: ListAt<Row>): Screen['commands'] {
  return eachMove((distance) => (state) => {
    const rows = height(state);
    return go(set(state, moveBy(get(state), distance(rows - 1), rows)));
  });
}
