/** What can be typed after `:`. */
import { parsePath } from '../../cli/path-argument.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';
import { changeDialog, closeDialog, type DialogOf } from '../dialogs/dialog.ts';
import { openHelp } from '../dialogs/help.ts';
import { goTo, openInstance } from '../screens/navigation.ts';
import { SCREEN_TITLES, SCREENS, type State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { FILTERS } from './filters.ts';
import { openWhy } from './why.ts';

type Verb = (state: State, argument: string) => Update;

const VERBS: Readonly<Record<string, Verb>> = {
  ...Object.fromEntries(
    SCREENS.map((screen): [string, Verb] => [screen, (state) => go(goTo(state, screen))]),
  ),
  open: (state, path) => go(openInstance(state, requirePath(path, 3))),
  why: (state, path) => go(openWhy(state, requirePath(path, 1))),
  filter: (state, text) => go(requireFilter(state)(state, text)),
  help: (state) => go(openHelp(state)),
  quit: (state) => goAnd(state, { kind: 'quit' }),
  q: (state) => goAnd(state, { kind: 'quit' }),
};

/** Does what was typed, or says what is wrong with it. */
export function runCommandLine(state: State, dialog: DialogOf<'prompt'>): Update {
  const [verb = '', ...rest] = dialog.input.text.trim().split(/\s+/);
  if (verb === '') return go(closeDialog(state));
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) return go(changeDialog<'prompt'>(state, dialog, { problem: describeUnknown(verb) }));
  try {
    return run(closeDialog(state), rest.join(' '));
  } catch (error) {
    return go(changeDialog<'prompt'>(state, dialog, { problem: (error as Error).message }));
  }
}

function requireFilter({ screen }: State): NonNullable<(typeof FILTERS)[typeof screen]> {
  const filter = FILTERS[screen];
  if (!filter) throw new Error(`${SCREEN_TITLES[screen]} has no filter.`);
  return filter;
}

function requirePath(text: string, least: number): string {
  parsePath(text, { least, most: 3 });
  return text;
}

function describeUnknown(verb: string): string {
  const known = Object.keys(VERBS);
  const similar = suggestSimilar(verb, known);
  return similar === null ? `Commands: ${known.join(', ')}` : `Did you mean :${similar}?`;
}
