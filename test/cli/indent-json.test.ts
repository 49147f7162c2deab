import { describe, expect, it } from 'vitest';
import { indentJson } from '../../src/cli/indent-json.ts';

describe('indentJson', () => {
  it('indents as JSON.stringify does', () => {
    const value = { a: [1, -2.5, { b: null }], c: {}, d: [], 'e, "f": {': 'x\\"y\n', g: [[true]] };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    expect(indentJson(JSON.stringify(value, null, 7))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps numbers as they were written, and keys that come twice', () => {
    expect(indentJson('{"n": 1e400, "n":12345678901234567890}')).toBe(
      '{\n  "n": 1e400,\n  "n": 12345678901234567890\n}',
    );
  });

  it.each(['', '{"a":1', 'no json', '{"a":1} … [5 characters left out] …'])(
    'leaves %s as it is',
    (text) => {
      expect(indentJson(text)).toBe(text);
    },
  );

  it.each(['"text"', '12', 'null', '[ ]'])('takes %s, which is JSON too', (text) => {
    expect(indentJson(text)).toBe(text.replace(' ', ''));
  });
});
