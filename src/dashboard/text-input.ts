/** A line of text that is being edited, the keys that edit it, and what is seen of it. */
import { measureWidth } from '../cli/width.ts';
import { printable } from '../domain/text/printable.ts';
import { fitLine, type Line, span } from './drawing/line.ts';

export interface TextInput {
  text: string;
  /** Before which character what is typed goes in. */
  cursor: number;
}

const LONGEST = 500;

export function startInput(text = ''): TextInput {
  return { text, cursor: [...text].length };
}

/** Returns the input after a key: an editing key by its name, or `typed` text. */
export function editText(input: TextInput, key: string, typed: string): TextInput {
  const edit = EDITS[key];
  return edit ? edit(input) : insert(input, typed);
}

const EDITS: Readonly<Record<string, (input: TextInput) => TextInput>> = {
  left: ({ text, cursor }) => ({ text, cursor: Math.max(0, cursor - 1) }),
  right: ({ text, cursor }) => ({ text, cursor: Math.min([...text].length, cursor + 1) }),
  home: ({ text }) => ({ text, cursor: 0 }),
  end: ({ text }) => startInput(text),
  backspace: ({ text, cursor }) => remove(text, cursor - 1, cursor),
  delete: ({ text, cursor }) => remove(text, cursor, cursor + 1),
  'ctrl+a': ({ text }) => ({ text, cursor: 0 }),
  'ctrl+e': ({ text }) => startInput(text),
  'ctrl+u': ({ text, cursor }) => remove(text, 0, cursor),
  'ctrl+k': ({ text, cursor }) => remove(text, cursor, [...text].length),
  'ctrl+w': ({ text, cursor }) => remove(text, startOfWord(text, cursor), cursor),
};

/** Returns the text with its cursor; where there is no room for all of it, the stretch around the cursor. */
export function renderInput({ text, cursor }: TextInput, width: number): Line {
  const characters = [...text].map(printable);
  const before = characters.slice(0, cursor);
  const at = characters[cursor] ?? ' ';
  const after = characters.slice(cursor + 1).join('');
  const room = width - measureWidth(at) - (after === '' ? 0 : 1);
  return fitLine([span(fitEnd(before, room)), span(at, 'inverse'), span(after)], width);
}

function fitEnd(characters: readonly string[], width: number): string {
  if (measureWidth(characters.join('')) <= width) return characters.join('');
  let kept = '';
  let used = 1;
  for (const character of characters.toReversed()) {
    used += measureWidth(character);
    if (used > width) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

function insert({ text, cursor }: TextInput, typed: string): TextInput {
  const characters = [...text];
  const room = Math.max(0, LONGEST - characters.length);
  // A pasted line ends with a line break, which is no part of any value.
  const added = [...typed.replaceAll(/\p{Cc}/gu, '')].slice(0, room);
  return {
    text: [...characters.slice(0, cursor), ...added, ...characters.slice(cursor)].join(''),
    cursor: cursor + added.length,
  };
}

function remove(text: string, from: number, to: number): TextInput {
  const characters = [...text];
  const start = Math.max(0, from);
  const kept = [...characters.slice(0, start), ...characters.slice(to)];
  return { text: kept.join(''), cursor: start };
}

function startOfWord(text: string, cursor: number): number {
  const before = [...text].slice(0, cursor).join('');
  return [...before.replace(/\S*\s*$/, '')].length;
}
