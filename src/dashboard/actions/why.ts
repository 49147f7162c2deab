import type { State } from '../state.ts';

/** Opens what is known of a path, whether it exists or not. */
export function openWhy(state: State, path: string): State {
  return { ...state, dialog: { kind: 'why', path, answer: null, scroll: 0 } };
}
