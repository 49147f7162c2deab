import { describe, expect, it } from 'vitest';
import { createTimeOrderedId } from '../../../src/domain/time/time-ordered-id.ts';

describe('createTimeOrderedId', () => {
  it('is short, in lower case, and never the same twice', () => {
    const ids = Array.from({ length: 1000 }, () => createTimeOrderedId(1_700_000_000_000));
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{15}$/);
    expect(new Set(ids).size).toBe(1000);
  });

  it('sorts by time', () => {
    const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000];
    const ids = times.map(createTimeOrderedId);
    expect(ids.toSorted()).toEqual(ids);
  });
});
