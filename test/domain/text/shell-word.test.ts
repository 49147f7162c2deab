import { describe, expect, it } from 'vitest';
import { isPlainWord, quoteWord, unquoteWord } from '../../../src/domain/text/shell-word.ts';

describe('unquoteWord', () => {
  it.each([
    ['/srv/fleet.db', '/srv/fleet.db'],
    ['"/srv/my fleet.db"', '/srv/my fleet.db'],
    ["'/srv/$x.db'", '/srv/$x.db'],
    ['/srv/my\\ fleet.db', '/srv/my fleet.db'],
    ['"not closed', 'not closed'],
    ['"a \\"b\\""', 'a "b"'],
    ['~/fleet.db', '/home/me/fleet.db'],
    ['"~/fleet.db"', '~/fleet.db'],
  ])('reads %s as %s', (word, text) => {
    expect(unquoteWord(word, '/home/me')).toBe(text);
  });

  it.each(['$HOME/fleet.db', '"$(rm -rf x)"', '`date`'])('leaves %s to the shell', (word) => {
    expect(unquoteWord(word, '/home/me')).toBeNull();
  });
});

describe('isPlainWord', () => {
  it.each(['my-company/pc-1', 'AbCdEfGh', '192.0.2.1'])('takes %s', (text) => {
    expect(isPlainWord(text)).toBe(true);
  });

  it.each(['', '-rf', 'a b', '$(id)', 'a;b', "a'b", 'a\nb', '~', 'a*', ':files'])(
    'refuses %j',
    (text) => {
      expect(isPlainWord(text)).toBe(false);
    },
  );
});

describe('quoteWord', () => {
  it.each([
    ['--database', '--database'],
    ['/var/lib/fleet/fleet.db', '/var/lib/fleet/fleet.db'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's here", "'it'\\''s here'"],
  ])('writes %j as %s', (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
    expect(unquoteWord(quoted, '/home/anna')).toBe(word);
  });
});
