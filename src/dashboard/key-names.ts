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

/** What a character stands for where it came together with others. */
const CHARACTERS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
};

export interface NamedKey {
  key: string;
  typed: string;
}

/** Returns the keys of what arrived at once: a held key, or a slow line, sends several together. */
export function nameKeys(input: string, key: Key): NamedKey[] {
  const characters = [...input];
  if (characters.length < 2 || key.ctrl || key.meta) return [nameKey(input, key)];
  return characters.map((character) => {
    const typed = /\p{Cc}/u.test(character) ? '' : character;
    return { key: CHARACTERS[character] ?? character, typed };
  });
}

/** Returns the name of a key as the table of keys has it, and the text that it stands for. */
export function nameKey(input: string, key: Key): NamedKey {
  if (key.tab) return { key: key.shift ? 'shift+tab' : 'tab', typed: '' };
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return { key: named[1], typed: '' };
  if (key.ctrl) return { key: `ctrl+${input}`, typed: '' };
  if (key.meta) return { key: `alt+${input}`, typed: '' };
  return { key: input === ' ' ? 'space' : input, typed: input };
}
