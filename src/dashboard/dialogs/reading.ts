/** Text to be read, over the screen: the keys, what `why` says, an error in full. */
import { bodyHeight } from '../layout.ts';
import { KEYS, type KeyBinding, findCommand, type Place } from '../keys.ts';
import { BLANK, type Line, line, padLine, span, wrapText } from '../line.ts';
import { SCREEN_TITLES, SCREENS, type State } from '../state.ts';
import { go } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule, type DialogOf, type Room } from './dialog.ts';

type Reading = 'help' | 'text';

const SCROLLS: Readonly<Record<string, (page: number) => number>> = {
  down: () => 1,
  up: () => -1,
  'page-down': (page) => page,
  'page-up': (page) => -page,
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
};

function reading<Kind extends Reading>(
  listLines: (dialog: DialogOf<Kind>, width: number) => readonly Line[],
): DialogModule<Kind> {
  return {
    press: (state, dialog, { key }) => {
      const command = findCommand(key, ['dialog']);
      if (command === 'dismiss' || key === '?') return go(closeDialog(state));
      const distance = SCROLLS[command ?? '']?.(bodyHeight(state) - 1) ?? 0;
      const lines = listLines(dialog, state.columns).length;
      const last = Math.max(0, lines - bodyHeight(state));
      const scroll = Math.max(0, Math.min(last, dialog.scroll + distance));
      return go(changeDialog<Kind>(state, dialog, { scroll } as Partial<DialogOf<Kind>>));
    },
    render: (dialog, { width, height }: Room) =>
      listLines(dialog, width).slice(dialog.scroll, dialog.scroll + height),
  };
}

export const textDialog = reading<'text'>(({ title, text }, width) => [
  line(title, 'bold'),
  BLANK,
  ...text.split('\n').flatMap((each) => wrapText(each, width)),
]);

export const helpDialog = reading<'help'>(() => [
  line('Keys', 'bold'),
  ...HELP_PLACES.flatMap(({ place, title }) => [BLANK, line(title, 'bold'), ...listHelp(place)]),
]);

/** Opens the overlay of all keys. */
export function openHelp(state: State): State {
  return { ...state, dialog: { kind: 'help', scroll: 0 } };
}

const HELP_PLACES: readonly { place: Place; title: string }[] = [
  { place: 'everywhere', title: 'Everywhere' },
  { place: 'list', title: 'In lists' },
  ...SCREENS.map((place) => ({ place, title: SCREEN_TITLES[place] })),
  { place: 'form', title: 'In forms' },
];

function listHelp(place: Place): Line[] {
  const bindings: readonly KeyBinding[] = KEYS;
  return bindings
    .filter(({ places }) => places.includes(place))
    .map(({ keys, help }) => [...padLine(line(`  ${keys.join(', ')}`, 'cyan'), 22), span(help)]);
}
