import type { Key } from 'ink';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** A key as the table of keys calls it, and the text that it stands for. */
interface NamedKey {
  key: string;
  typed: string;
}

/** Returns the keys of an input: of characters that came at once, as when a key repeats, each is one. */
export function nameKeys(input: string, key: Key): NamedKey[] {
  const special = nameSpecial(input, key);
  if (special !== null) return [{ key: special, typed: '' }];
  return [...input].map((typed) => ({ key: typed === ' ' ? 'space' : typed, typed }));
}

function nameSpecial(input: string, key: Key): string | null {
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return named[1];
  if (key.ctrl) return `ctrl+${input}`;
  return key.meta ? `alt+${input}` : null;
}
