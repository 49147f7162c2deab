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

/** Returns the name of a key as the table of keys has it, and the text that it stands for. */
export function nameKey(input: string, key: Key): { key: string; typed: string } {
  if (key.tab) return { key: key.shift ? 'shift+tab' : 'tab', typed: '' };
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return { key: named[1], typed: '' };
  if (key.ctrl) return { key: `ctrl+${input}`, typed: '' };
  if (key.meta) return { key: `alt+${input}`, typed: '' };
  return { key: input === ' ' ? 'space' : input, typed: input };
}
