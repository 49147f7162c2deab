import { describe, expect, it } from 'vitest';
import { listJsonLines } from '../../../src/dashboard/drawing/json-lines.ts';

const pathsOf = (json: string) => listJsonLines(json).map(({ text, path }) => [text.trim(), path]);

describe('the lines of a payload', () => {
  it('know where in the value they stand', () => {
    const json = '{"items":[{"code":1,"tags":["a",{"b":2}]},{"code":2}],"ok":true}';
    expect(pathsOf(json)).toEqual([
      ['{', null],
      ['"items": [', 'items'],
      ['{', 'items[0]'],
      ['"code": 1,', 'items[0].code'],
      ['"tags": [', 'items[0].tags'],
      ['"a",', 'items[0].tags[0]'],
      ['{', 'items[0].tags[1]'],
      ['"b": 2', 'items[0].tags[1].b'],
      ['}', null],
      [']', null],
      ['},', null],
      ['{', 'items[1]'],
      ['"code": 2', 'items[1].code'],
      ['}', null],
      ['],', null],
      ['"ok": true', 'ok'],
      ['}', null],
    ]);
  });

  it('know it also behind empty objects and lists', () => {
    expect(pathsOf('{"a":{},"b":[],"c":1}').slice(1, 4)).toEqual([
      ['"a": {},', 'a'],
      ['"b": [],', 'b'],
      ['"c": 1', 'c'],
    ]);
  });

  it('are not led astray by brackets, colons and quotes in texts', () => {
    expect(pathsOf('{"a{":"[","b\\"":"}: ["}').slice(1, 3)).toEqual([
      ['"a{": "[",', 'a{'],
      ['"b\\"": "}: ["', 'b"'],
    ]);
  });

  it.each([
    ['a list', '[1,2]', [null, '[0]', '[1]', null]],
    ['a single text', '"{"', [null]],
    ['nothing', '', [null]],
  ])('are those of %s as well', (_, json, paths) => {
    expect(listJsonLines(json).map(({ path }) => path)).toEqual(paths);
  });

  it.each([
    '{"a": 1, "b"',
    '{\n"a\\x": 1\n}',
    '{\n"a\tb": {\n"c": [\n',
    '[\r\n{\r"\\ud800":\n}}}]]]',
    '\u001b[2J{\n"\\',
  ])('of what is no JSON are as it was sent: %j', (text) => {
    expect(listJsonLines(text).map((line) => line.text)).toEqual(text.split(/\r\n|\n|\r/));
  });
});
