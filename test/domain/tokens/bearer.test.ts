import { describe, expect, it } from 'vitest';
import { readBearer } from '../../../src/domain/tokens/bearer.ts';
import { generateToken } from '../../../src/domain/tokens/token.ts';
import { diagnoseTokenForm } from '../../../src/domain/tokens/token-form.ts';

const { token } = generateToken();

describe('readBearer', () => {
  it.each([`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`, ` Bearer\t${token} `])(
    'reads the token from %j',
    (header) => {
      expect(readBearer(header)).toEqual({ ok: true, token });
    },
  );

  it.each([
    [`Bearer "${token}"`, 'quoted'],
    [`Bearer Bearer ${token}`, 'bearer_twice'],
    ['Bearer {token}', 'placeholder'],
    [`Bearer ${token} ${token}`, 'whitespace'],
  ])('presents what follows in %j, to be diagnosed', (header, form) => {
    const result = readBearer(header);
    expect(result.ok && diagnoseTokenForm(result.token)).toBe(form);
  });

  it.each([
    [undefined, 'is missing'],
    ['', 'is empty'],
    ['Bearer', 'no token follows'],
    ['Bearer   ', 'no token follows'],
    [token, 'lacks the word Bearer'],
    [`Bearer${token}`, 'lacks the word Bearer'],
    [`Bearer: ${token}`, 'a colon or an equals sign'],
    [`Bearer : ${token}`, 'a colon or an equals sign'],
    [`"Bearer ${token}"`, 'stands in quotes'],
    [`Basic ${token}`, 'another scheme'],
    [`Token ${token}`, 'another scheme'],
  ])('says what %j lacks and repeats nothing of it', (header, problem) => {
    const result = readBearer(header);
    const sentence = result.ok ? '' : result.problem;
    expect(sentence).toContain(problem);
    expect(sentence).toMatch(/ Send "Authorization: Bearer <token>"\.$/);
    expect(sentence).not.toContain(token);
  });

  it('takes time in proportion to the length of the header only', () => {
    const startedAt = performance.now();
    readBearer(`bearer${' '.repeat(1_000_000)}`);
    readBearer(`x${' '.repeat(1_000_000)}x`);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
