/** A line to type into, in the footer: a filter or a command. */

import { runCommandLine } from '../actions/command-line.ts';
import { FILTERS } from '../actions/filters.ts';
import { type Line, line, measureLine, span } from '../drawing/line.ts';
import type { State } from '../state.ts';
import { editText, renderInput, startInput } from '../text-input.ts';
import { go, type Update } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule, type DialogOf } from './dialog.ts';

/** What is wrong with a command leaves this much of it in sight. */
const LEAST_ROOM = 20;

export const promptDialog: DialogModule<'prompt'> = {
  press: (state, dialog, { key, typed }) => {
    if (key === 'esc') return go(closeDialog(state));
    if (key === 'enter') return submit(state, dialog);
    const input = editText(dialog.input, key, typed);
    const edited = changeDialog<'prompt'>(state, dialog, { input, problem: null });
    // A filter narrows while it is typed.
    return go(dialog.purpose === 'filter' ? applyFilter(edited, input.text) : edited);
  },
  render: () => null,
};

/** Opens the prompt for a command. */
export function openCommandLine(state: State): State {
  const input = startInput();
  return { ...state, dialog: { kind: 'prompt', purpose: 'command', input, problem: null } };
}

/** Returns what stands in the footer while it is typed into. */
export function renderPrompt({ purpose, input, problem }: DialogOf<'prompt'>, width: number): Line {
  const told = problem === null ? [] : line(`  ${problem}`, 'red');
  const room = Math.max(LEAST_ROOM, width - 1 - measureLine(told));
  return [span(purpose === 'filter' ? '/' : ':', 'bold'), ...renderInput(input, room), ...told];
}

function submit(state: State, dialog: DialogOf<'prompt'>): Update {
  if (dialog.purpose === 'filter') return go(closeDialog(state));
  return runCommandLine(state, dialog);
}

function applyFilter(state: State, text: string): State {
  return FILTERS[state.screen]?.(state, text) ?? state;
}
