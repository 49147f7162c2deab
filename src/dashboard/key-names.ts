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
  return [...input].map(nameCharacter);
}

function nameCharacter(character: string): NamedKey {
  const isControl = /\p{Cc}/u.test(character);
  const key = CHARACTERS[character] ?? (isControl ? nameControl(character) : character);
  return { key, typed: isControl ? '' : character };
}

/** Ink tells of it as a key only where it comes alone. */
function nameControl(character: string): string {
  return `ctrl+${String.fromCharCode(character.charCodeAt(0) + 'a'.charCodeAt(0) - 1)}`;
}

function nameSpecial(input: string, key: Key): string | null {
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return named[1];
  if (key.ctrl) return `ctrl+${input}`;
  return key.meta ? `alt+${input}` : null;
}
