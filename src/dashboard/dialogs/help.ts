import { BLANK, type Line, line, padLine, span } from '../drawing/line.ts';
import { KEYS, type KeyBinding, type Place } from '../keys.ts';
import { SCREEN_TITLES, SCREENS, type State } from '../state.ts';
import { reading } from './reading.ts';

const SECTIONS: readonly { place: Place; title: string }[] = [
  { place: 'everywhere', title: 'Everywhere' },
  { place: 'list', title: 'In lists' },
  ...SCREENS.map((place) => ({ place, title: SCREEN_TITLES[place] })),
  { place: 'form', title: 'In forms' },
];

/** All keys, as the table has them. */
export const helpDialog = reading<'help'>(() =>
  SECTIONS.flatMap(({ place, title }, at) => [
    ...(at === 0 ? [] : [BLANK]),
    line(title, 'bold'),
    ...listHelp(place),
  ]),
);

/** Opens the overlay of all keys. */
export function openHelp(state: State): State {
  return { ...state, dialog: { kind: 'help', scroll: 0 } };
}

function listHelp(place: Place): Line[] {
  const bindings: readonly KeyBinding[] = KEYS;
  return bindings
    .filter(({ places }) => places.includes(place))
    .map(({ keys, help }) => [...padLine(line(`  ${keys.join(', ')}`, 'cyan'), 22), span(help)]);
}
