import { describe, expect, it } from 'vitest';
import { areNumbered, suggestSimilar } from '../../../src/domain/text/suggest.ts';

describe('suggestSimilar', () => {
  it.each([
    ['my-compny', ['acme', 'my-company'], 'my-company'],
    ['acem', ['acne', 'acme'], 'acme'],
    ['my-copmany', ['my-company'], 'my-company'],
    ['MY_COMPANY', ['my-company'], 'my-company'],
    ['heartbeats', ['status', 'heartbeat'], 'heartbeat'],
    ['server-01', ['server-02', 'server-1', 'SERVER-01'], 'SERVER-01'],
    ['server-9', ['server-1', 'server-2'], 'server-1'],
    ['ab', ['abc', 'b'], 'abc'],
  ])('proposes for %j among %j %j', (wanted, known, similar) => {
    expect(suggestSimilar(wanted, known)).toBe(similar);
  });

  it.each([
    ['acme', ['globex', 'initech']],
    ['a', ['b', 'ab']],
    ['', ['a']],
    ['server-01', []],
    ['x'.repeat(300), ['x'.repeat(299)]],
    ['same', ['same']],
  ])('proposes nothing for %j among %j', (wanted, known) => {
    expect(suggestSimilar(wanted, known)).toBeNull();
  });

  it('searches a hundred thousand names in a moment', () => {
    const known = Array.from({ length: 100_000 }, (_, index) => `customer-number-${index}`);
    const startedAt = performance.now();
    expect(suggestSimilar('customer-nmuber-99999', known)).toBe('customer-number-99999');
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('areNumbered', () => {
  it.each([
    ['pc-1', 'pc-2'],
    ['pc-1', 'PC-10'],
    ['line-1-pc-1', 'line-1-pc-12'],
    ['0', '10'],
  ])('takes %s and %s for neighbours', (one, other) => {
    expect(areNumbered(one, other)).toBe(true);
    expect(areNumbered(other, one)).toBe(true);
  });

  it.each([
    ['pc-1', 'pc-1'],
    ['pc-1', 'pc-01'],
    ['pc-1', 'pc1'],
    ['pc-1', 'pd-2'],
    ['pc', 'pc-1'],
    ['press-a', 'press-b'],
  ])('does not take %s and %s for neighbours', (one, other) => {
    expect(areNumbered(one, other)).toBe(false);
  });
});
