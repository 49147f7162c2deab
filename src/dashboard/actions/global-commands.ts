/** What keys do on every screen. */
import { openHelp } from '../dialogs/help.ts';
import { openCommandLine } from '../dialogs/prompt.ts';
import type { Command } from '../keys.ts';
import { goAlong, goBack, goTo } from '../screens/navigation.ts';
import type { ScreenName, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';

const show = (screen: ScreenName) => (state: State) => go(goTo(state, screen));

export const GLOBAL_COMMANDS: Partial<Record<Command, (state: State) => Update>> = {
  'show-fleet': show('fleet'),
  'show-instance': show('instance'),
  'show-diagnostics': show('diagnostics'),
  'show-rejections': show('rejections'),
  'show-customers': show('customers'),
  'next-screen': (state) => go(goAlong(state, 1)),
  'previous-screen': (state) => go(goAlong(state, -1)),
  back: (state) => go(goBack(state)),
  command: (state) => go(openCommandLine(state)),
  refresh: (state) => goAnd(state, { kind: 'refresh' }),
  help: (state) => go(openHelp(state)),
  quit: (state) => goAnd(state, { kind: 'quit' }),
};
