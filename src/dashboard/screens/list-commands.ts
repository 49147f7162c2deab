import { type Keyed, type List, moveBy } from '../list.ts';
import type { Command } from '../keys.ts';
import type { State } from '../state.ts';
import { go, type Update } from '../update.ts';

interface ListAt<Row extends Keyed> {
  get: (state: State) => List<Row>;
  set: (state: State, list: List<Row>) => State;
  /** The rows that the list has on the screen. */
  height: (state: State) => number;
}

type Move = (list: List<Keyed>, height: number) => number;

const MOVES: Partial<Record<Command, Move>> = {
  down: () => 1,
  up: () => -1,
  'page-down': (_, height) => height - 1,
  'page-up': (_, height) => 1 - height,
  first: ({ index }) => -index,
  last: ({ total, index }) => total - 1 - index,
};

/** Returns the commands that move within a list. */
export function moveIn<Row extends Keyed>({
  get,
  set,
  height,
}: ListAt<Row>): Partial<Record<Command, (state: State) => Update>> {
  const moves = Object.entries(MOVES).map(([command, distance]) => [
    command,
    (state: State) => {
      const list = get(state);
      return go(set(state, moveBy(list, distance(list, height(state)), height(state))));
    },
  ]);
  return Object.fromEntries(moves);
}
