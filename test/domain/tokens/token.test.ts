import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  generateToken,
  hashToken,
  hashTokenHex,
  hasTokenForm,
  hasValidChecksum,
  isImportableToken,
  isTokenId,
  readTokenId,
  TOKEN_LENGTH,
} from '../../../src/domain/tokens/token.ts';
import { TOKEN_PATTERN } from '../../../src/domain/tokens/token-pattern.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('a generated token', () => {
  it('is unique, has the published form and a right checksum, ten thousand times', () => {
    const made = Array.from({ length: 10_000 }, generateToken);
    expect(new Set(made.map(({ token }) => token)).size).toBe(made.length);
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    for (const { id, token } of made) {
      expect(token).toMatch(/^fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
      expect(token).toHaveLength(TOKEN_LENGTH);
      expect(hasValidChecksum(token)).toBe(true);
      expect(readTokenId(token)).toBe(id);
      expect(isTokenId(id)).toBe(true);
    }
  });

  it('uses every letter equally often', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 5000; round++) {
      for (const letter of generateToken().token.slice(12, 44)) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
      }
    }
    const expected = (5000 * 32) / 62;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    expect(counts.size).toBe(62);
    // 61 degrees of freedom: above 150 by chance once in 10^9 runs; a plain remainder of a byte gives about 1000.
    expect(chiSquare).toBeLessThan(150);
  });

  it('is found by the scanner pattern within other text', () => {
    const { token } = generateToken();
    expect(TOKEN_PATTERN.exec(`export TOKEN="${token}" # x`)?.[0]).toBe(token);
    expect(TOKEN_PATTERN.test(`${token}0`)).toBe(false);
  });
});

describe('the checksum', () => {
  it('detects every change of a single character', () => {
    const { token } = generateToken();
    for (let position = 0; position < token.length; position++) {
      for (const letter of `${BASE62}_-" `) {
        if (letter === token[position]) continue;
        expect(
          hasValidChecksum(token.slice(0, position) + letter + token.slice(position + 1)),
        ).toBe(false);
      }
    }
  });

  it('detects a change anywhere in many tokens', () => {
    fc.assert(
      fc.property(fc.nat(TOKEN_LENGTH - 1), fc.constantFrom(...BASE62), (position, letter) => {
        const { token } = generateToken();
        const changed = token.slice(0, position) + letter + token.slice(position + 1);
        expect(hasValidChecksum(changed)).toBe(changed === token);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the CRC-32 of everything before it, in base 62', () => {
    const { token } = generateToken();
    const value = [...token.slice(-6)].reduce((sum, digit) => sum * 62 + BASE62.indexOf(digit), 0);
    expect(value).toBe(crc32(token.slice(0, -6)));
  });
});

describe('what is stored of a token', () => {
  it('is its SHA-256', () => {
    const { token } = generateToken();
    const expected = createHash('sha256').update(token).digest();
    expect(hashToken(token)).toEqual(expected);
    expect(hashToken(token)).toHaveLength(32);
    expect(hashTokenHex(token)).toBe(expected.toString('hex'));
  });
});

describe('a token of another kind', () => {
  it('carries no id', () => {
    expect(readTokenId('legacy-token-of-2019')).toBeNull();
    expect(readTokenId(generateToken().token.slice(0, -1))).toBeNull();
    expect(hasTokenForm(`${generateToken().token}\n`)).toBe(false);
  });

  it.each([
    ['a'.repeat(8), true],
    ['abc.DEF_1~2+3/4==', true],
    ['a'.repeat(512), true],
    ['a'.repeat(7), false],
    ['a'.repeat(513), false],
    ['abc=defgh', false],
    ['pass word1', false],
    ['"quoted-1"', false],
  ])('%j can be imported: %s', (text, importable) => {
    expect(isImportableToken(text)).toBe(importable);
  });
});
