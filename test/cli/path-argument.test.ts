import { describe, expect, it } from 'vitest';
import { parseMachinePath, parsePath, parseSoftwarePath } from '../../src/cli/path-argument.ts';

describe('paths as arguments', () => {
  it('reads as many levels as are allowed', () => {
    expect(parsePath('a', { least: 1, most: 3 })).toEqual({
      customer: 'a',
      machine: undefined,
      software: undefined,
    });
    expect(parseMachinePath('a/b/')).toEqual({ customer: 'a', machine: 'b' });
    expect(parseSoftwarePath('a/b/c')).toEqual({ customer: 'a', machine: 'b', software: 'c' });
  });

  it.each(['a', 'a/b/c', '', '/a/b', 'a//b'])('refuses %j as a machine', (text) => {
    expect(() => parseMachinePath(text)).toThrow(/customer\/machine|slug/);
  });

  it('proposes the slug that was meant', () => {
    expect(() => parseMachinePath('My Company/pc-1')).toThrow('Did you mean "my-company"?');
  });
});
