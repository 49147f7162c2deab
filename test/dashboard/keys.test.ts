import { describe, expect, it } from 'vitest';
import { GLOBAL_COMMANDS } from '../../src/dashboard/actions/global-commands.ts';
import { renderDialog } from '../../src/dashboard/dialogs/dialogs.ts';
import {
  findCommand,
  KEYS,
  type KeyBinding,
  listKeys,
  type Place,
} from '../../src/dashboard/keys.ts';
import { SCREEN_MODULES } from '../../src/dashboard/screens/screens.ts';
import { SCREENS, startState } from '../../src/dashboard/state.ts';

const BINDINGS: readonly KeyBinding[] = KEYS;
const PLACES = [...new Set(BINDINGS.flatMap(({ places }) => places))];
const START = startState({ columns: 80, rows: 24, database: 'fleet.db' });

const placesOf = (screen: (typeof SCREENS)[number]) => SCREEN_MODULES[screen].places(START);

describe('the table of keys', () => {
  it.each(PLACES)('has no key twice in the same place: %s', (place) => {
    const keys = listKeys(place).flatMap((binding) => binding.keys);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it.each(SCREENS)('reaches every command of the screen by some key: %s', (screen) => {
    const places = placesOf(screen);
    const bindings = places.flatMap((place) => listKeys(place));
    const hidden = bindings.filter(({ keys, command }) =>
      keys.every((key) => findCommand(key, places) !== command),
    );
    // Tab goes to the tokens of a customer; from there on, shift+tab and 1 to 5 lead away.
    expect(hidden.map(({ command }) => command)).toEqual(
      screen === 'customers' ? ['next-screen'] : [],
    );
  });

  it.each(SCREENS)('has no key that does nothing on the screen: %s', (screen) => {
    const commands = placesOf(screen).flatMap((place) =>
      listKeys(place).map(({ command }) => command),
    );
    const handled = [
      ...Object.keys(SCREEN_MODULES[screen].commands),
      ...Object.keys(GLOBAL_COMMANDS),
    ];
    expect(commands.filter((command) => !handled.includes(command))).toEqual([]);
  });

  it.each(SCREENS)('has a key for all that the screen can do: %s', (screen) => {
    const commands = placesOf(screen).flatMap((place) =>
      listKeys(place).map(({ command }) => command),
    );
    const handled = Object.keys(SCREEN_MODULES[screen].commands);
    expect(handled.filter((command) => !commands.includes(command))).toEqual([]);
  });

  it('has a key for all that can be done everywhere', () => {
    const commands = listKeys('everywhere').map(({ command }) => command);
    expect(Object.keys(GLOBAL_COMMANDS).sort()).toEqual(commands.sort());
  });

  it('prefers the nearest place', () => {
    expect(findCommand('tab', ['customers', 'list', 'everywhere'])).toBe('next-pane');
    expect(findCommand('tab', ['fleet', 'list', 'everywhere'])).toBe('next-screen');
    expect(findCommand('nothing', ['fleet', 'list', 'everywhere'])).toBeNull();
  });
});

describe('the help overlay', () => {
  const lines = renderDialog({ kind: 'help', scroll: 0 }, { width: 80, height: 1_000 }) ?? [];
  const text = lines.map((line) => line.map((span) => span.text).join('')).join('\n');
  // What a dialog can do stands in its own footer.
  const shown: readonly Place[] = ['everywhere', 'list', 'form', ...SCREENS];

  it.each(shown)('has every key of the table: %s', (place) => {
    for (const { keys, help } of listKeys(place)) {
      expect(text).toContain(keys.join(', '));
      expect(text).toContain(help);
    }
  });
});
