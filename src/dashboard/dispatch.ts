/** What each event makes of the state. */

import { GLOBAL_COMMANDS } from './actions/global-commands.ts';
import { finishChange, refuseChange } from './actions/results.ts';
import type { Asked } from './data/requests.ts';
import { pressInDialog } from './dialogs/dialogs.ts';
import { isTooSmall } from './drawing/layout.ts';
import { findCommand } from './keys.ts';
import { SCREEN_MODULES } from './screens/screens.ts';
import { SCREENS, type ScreenName, type State } from './state.ts';
import { type Event, go, goAnd, type Update } from './update.ts';

type Handlers = {
  [Type in Event['type']]: (state: State, event: Extract<Event, { type: Type }>) => Update;
};

const HANDLERS: Handlers = {
  key: pressKey,
  resize: (state, { columns, rows }) => go({ ...state, columns, rows }),
  overview: (state, { overview }) => go(SCREEN_MODULES[state.screen].renew({ ...state, overview })),
  answer: (state, { answer }) => {
    const { dialog } = state;
    if (answer.kind === 'why') {
      const isOpen = dialog?.kind === 'why' && dialog.path === answer.input.path;
      return go(isOpen ? { ...state, dialog: { ...dialog, answer: answer.output } } : state);
    }
    // To whichever screen asked, also where another one is shown by now.
    return go(SCREENS.reduce((next, name) => SCREEN_MODULES[name].receive(next, answer), state));
  },
  unanswered: (state, { failure }) => {
    // A database that is away is told by the banner, with the age of what is shown.
    if (state.overview?.away) return go(state);
    return go({ ...state, notice: { text: failure.message, tone: 'bad' } });
  },
  changed: (state, { changed }) => go(finishChange(state, changed)),
  refused: (state, { failure }) => go(refuseChange(state, failure)),
};

/** Returns what comes after an event. */
export function update(state: State, event: Event): Update {
  return HANDLERS[event.type](state, event as never);
}

/** Returns what is to be asked for what is shown. */
export function listAsked(state: State): readonly Asked[] {
  if (state.overview === null) return [];
  const { dialog } = state;
  const why =
    dialog?.kind === 'why' ? [{ kind: 'why', input: { path: dialog.path } } as const] : [];
  const asking = SCREENS.filter((name) => name === state.screen || isBehind(state, name));
  return [...asking.flatMap((name) => SCREEN_MODULES[name].ask(state)), ...why];
}

/** Left before its answer came: whoever comes back finds it answered. */
function isBehind(state: State, name: ScreenName): boolean {
  const screen = state[name];
  return 'list' in screen && screen.list.isStale;
}

function pressKey(state: State, { key, typed }: Extract<Event, { type: 'key' }>): Update {
  if (key === 'ctrl+c') return goAnd(state, { kind: 'quit' });
  // Nothing is done that cannot be seen.
  if (isTooSmall(state)) return key === 'q' ? goAnd(state, { kind: 'quit' }) : go(state);
  const heard = state.notice === null ? state : { ...state, notice: null };
  if (heard.dialog) return pressInDialog(heard, heard.dialog, { key, typed });
  const screen = SCREEN_MODULES[heard.screen];
  const command = findCommand(key, screen.places(heard));
  if (command === null) return go(heard);
  return screen.commands[command]?.(heard) ?? GLOBAL_COMMANDS[command]?.(heard) ?? go(heard);
}
