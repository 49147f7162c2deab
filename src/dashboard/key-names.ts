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

/** A key as the table of keys calls it, and the text that it stands for. */
interface NamedKey {
  key: string;
  typed: string;
}

/** Returns the keys of what arrived at once: a held key, or a slow line, sends several together. */
export function nameKeys(input: string, key: Key): NamedKey[] {
  const special = nameSpecial(input, key);
  if (special !== null) return [{ key: special, typed: '' }];
  return [...input].map((character) => {
    const typed = /\p{Cc}/u.test(character) ? '' : character;
    return { key: CHARACTERS[character] ?? character, typed };
  });
}

function nameSpecial(input: string, key: Key): string | null {
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return named[1];
  if (key.ctrl) return `ctrl+${input}`;
  return key.meta ? `alt+${input}` : null;
}
