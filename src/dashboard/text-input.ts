/** A line of text that is being edited, and the keys that edit it. */
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
