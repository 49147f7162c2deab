import { filterDiagnostics } from '../screens/diagnostics.ts';
import { filterFleet } from '../screens/fleet.ts';
import { filterRejections } from '../screens/rejections.ts';
import type { ScreenName, State } from '../state.ts';

/** How the screens are narrowed to what holds a text. */
export const FILTERS: Partial<Record<ScreenName, (state: State, text: string) => State>> = {
  fleet: filterFleet,
  diagnostics: filterDiagnostics,
  rejections: filterRejections,
};
