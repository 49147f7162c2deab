import { SCREENS, type ScreenName, type State } from '../state.ts';

/** How many steps back are remembered. */
const LONGEST_TRAIL = 20;

/** Goes to a screen; `back` leads to where this was. */
export function goTo(state: State, screen: ScreenName): State {
  if (state.screen === screen) return state;
  const trail = [...state.trail, state.screen].slice(-LONGEST_TRAIL);
  return { ...state, screen, trail, notice: null };
}

/** Goes back to the screen before, or stays on the first one. */
export function goBack(state: State): State {
  const before = state.trail.at(-1);
  if (before === undefined) return { ...state, screen: 'fleet' };
  return { ...state, screen: before, trail: state.trail.slice(0, -1), notice: null };
}

/** Goes to the screen so many further in the order of their keys. */
export function goAlong(state: State, distance: number): State {
  const next = (SCREENS.indexOf(state.screen) + distance + SCREENS.length) % SCREENS.length;
  return goTo(state, SCREENS[next] ?? 'fleet');
}

/** Opens an instance, by its path. */
export function openInstance(state: State, path: string): State {
  const isSame = state.instance.path === path;
  const instance = isSame ? state.instance : { path, page: null, isMissing: false, scroll: 0 };
  return goTo({ ...state, instance }, 'instance');
}
