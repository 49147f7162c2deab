/** Screen 2: everything about one instance, as `fleet software show` tells it. */
import { renderInstance } from '../../cli/software/pages.ts';
import { acknowledge, close } from '../actions/diagnostic-marks.ts';
import { openWhy } from '../actions/why.ts';
import { bodyHeight } from '../drawing/layout.ts';
import { type Line, line } from '../drawing/line.ts';
import { readStyled } from '../drawing/styled.ts';
import { eachMove, scrollBy, showFrom } from '../scrolling.ts';
import type { State } from '../state.ts';
import { go, goAnd } from '../update.ts';
import type { Screen } from './screen.ts';

export const instanceScreen: Screen = {
  places: () => ['instance', 'list', 'everywhere'],
  ask: ({ instance: { path } }) => (path === null ? [] : [{ kind: 'instance', input: { path } }]),
  receive: (state, answer) => {
    if (answer.kind !== 'instance' || answer.input.path !== state.instance.path) return state;
    const { output: page } = answer;
    return { ...state, instance: { ...state.instance, page, isMissing: page === null } };
  },
  renew: (state) => state,
  commands: {
    ...eachMove((distance) => (state) => {
      const height = bodyHeight(state);
      const room = { lines: listLines(state).length, height };
      const scroll = scrollBy(state.instance.scroll, distance(height - 1), room);
      return go({ ...state, instance: { ...state.instance, scroll } });
    }),
    acknowledge: (state) => acknowledge(state, listOpen(state).filter(isUnacknowledged)),
    close: (state) => close(state, listOpen(state)),
    copy: (state) => {
      const { path } = state.instance;
      return path === null ? go(state) : goAnd(state, { kind: 'copy', text: path });
    },
    why: (state) => {
      const { path } = state.instance;
      return go(path === null ? state : openWhy(state, path));
    },
  },
  render: (state, height) => showFrom(listLines(state), state.instance.scroll, height),
};

function listOpen({ instance: { page } }: State) {
  return page?.history.diagnostics ?? [];
}

function isUnacknowledged({ acknowledged_at }: { acknowledged_at: number | null }): boolean {
  return acknowledged_at === null;
}

function listLines({ instance, overview, columns }: State): readonly Line[] {
  const { path, page, isMissing } = instance;
  if (path === null) return [line('No instance is open. Press 1, and enter on one.', 'dim')];
  if (isMissing) return [line(`There is no instance ${path}. w says why.`, 'dim')];
  if (page === null) return [line('…', 'dim')];
  const nowMs = overview?.atMs ?? 0;
  return readStyled(renderInstance(page.item, page.history, { nowMs, width: columns }));
}
