import { describe, expect, it } from 'vitest';
import { measureLine } from '../../src/dashboard/drawing/line.ts';
import { editText, renderInput, startInput } from '../../src/dashboard/text-input.ts';

const EDITING = ['left', 'right', 'home', 'end', 'backspace', 'delete'];
const isEditing = (key: string) => EDITING.includes(key) || key.startsWith('ctrl+');

/** Where the cursor is after these keys, as `text|text`. */
function edit(text: string, ...keys: string[]): string {
  const press = (input: ReturnType<typeof startInput>, key: string) =>
    editText(input, key, isEditing(key) ? '' : key);
  const { text: edited, cursor } = keys.reduce(press, startInput(text));
  const characters = [...edited];
  return `${characters.slice(0, cursor).join('')}|${characters.slice(cursor).join('')}`;
}

describe('a text that is edited', () => {
  it.each([
    ['starts with the cursor behind it', 'abc', [], 'abc|'],
    ['takes what is typed at the cursor', 'abc', ['left', 'X'], 'abX|c'],
    ['takes several characters at once', '', ['a b'], 'a b|'],
    ['ends at its left', 'a', ['left', 'left', 'left'], '|a'],
    ['ends at its right', 'a', ['right', 'right'], 'a|'],
    ['goes to its start', 'abc', ['home'], '|abc'],
    ['goes to its start as in a shell', 'abc', ['ctrl+a'], '|abc'],
    ['goes to its end', 'abc', ['home', 'end'], 'abc|'],
    ['goes to its end as in a shell', 'abc', ['home', 'ctrl+e'], 'abc|'],
    ['loses the character before the cursor', 'abc', ['left', 'backspace'], 'a|c'],
    ['loses nothing before its start', 'abc', ['home', 'backspace'], '|abc'],
    ['loses the character behind the cursor', 'abc', ['home', 'delete'], '|bc'],
    ['loses nothing behind its end', 'abc', ['delete'], 'abc|'],
    ['loses everything before the cursor', 'abc', ['left', 'ctrl+u'], '|c'],
    ['loses everything behind the cursor', 'abc', ['home', 'right', 'ctrl+k'], 'a|'],
    ['loses the word before the cursor', 'one two', ['ctrl+w'], 'one |'],
    ['loses the word before spaces', 'one two  ', ['ctrl+w'], 'one |'],
    ['counts an emoji as one character', 'a😀', ['left', 'X'], 'aX|😀'],
    ['loses an emoji as a whole', 'a😀', ['backspace'], 'a|'],
    ['is not changed by a key that means nothing', 'abc', ['ctrl+x'], 'abc|'],
  ])('%s', (_, text, keys, expected) => {
    expect(edit(text, ...keys)).toBe(expected);
  });

  it('takes a pasted line without its line break and without what a terminal obeys', () => {
    const { text } = editText(startInput(), 'paste', 'fleet\r\n\u001b[31mred\t\u0007\u009b');
    expect(text).toBe('fleet[31mred');
  });

  it('has a bound, however much is pasted', () => {
    const input = editText(startInput('abc'), 'paste', 'x'.repeat(1_000_000));
    expect(input).toEqual({ text: `abc${'x'.repeat(497)}`, cursor: 500 });
  });
});

describe('a text that is edited, on the screen', () => {
  const show = (text: string, cursor: number, width: number) =>
    renderInput({ text, cursor }, width)
      .map(({ text: piece, tone }) => (tone === 'inverse' ? `[${piece}]` : piece))
      .join('');

  it('shows the cursor as the character on it, or as a space at the end', () => {
    expect(show('abc', 1, 10)).toBe('a[b]c');
    expect(show('abc', 3, 10)).toBe('abc[ ]');
  });

  it('shows the stretch around the cursor where there is no room for all of it', () => {
    expect(show('0123456789', 10, 6)).toBe('…6789[ ]');
    expect(show('0123456789', 2, 6)).toBe('01[2]34…');
  });

  it.each(['x', '日', '😀', 'é\u0301'])('keeps the cursor in sight among "%s"', (character) => {
    const text = character.repeat(60);
    for (let cursor = 0; cursor <= [...text].length; cursor += 1) {
      const shown = renderInput({ text, cursor }, 20);
      expect(measureLine(shown)).toBeLessThanOrEqual(20);
      expect(shown.filter(({ tone }) => tone === 'inverse')).toHaveLength(1);
    }
  });
});
