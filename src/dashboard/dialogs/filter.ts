import type { State } from '../state.ts';
import { startInput } from '../text-input.ts';
import { go, type Update } from '../update.ts';

/** Opens the prompt for the filter of a screen, with what it is now. */
export function openFilter(state: State, text: string): Update {
  const input = startInput(text);
  return go({ ...state, dialog: { kind: 'prompt', purpose: 'filter', input, problem: null } });
}

/** Returns the words of a filter, all of which must match. */
export function splitWords(filter: string): string[] {
  return filter.split(/[\s,]+/).filter((word) => word !== '');
}
