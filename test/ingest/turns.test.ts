import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/ingest/turns.ts';

describe('turns', () => {
  it('are taken one after the other, in order, however long each takes', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (name: string, pauses: number) => async () => {
      seen.push(`${name} begins`);
      for (let pause = 0; pause < pauses; pause++) await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return name;
    };
    const names = await Promise.all([turns.take(work('a', 3)), turns.take(work('b', 0))]);
    expect(names).toEqual(['a', 'b']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('go on after one that fails, whose error only its own caller gets', async () => {
    const turns = new Turns();
    const failing = turns.take(() => Promise.reject(new Error('mine')));
    const next = turns.take(async () => 'next');
    await expect(failing).rejects.toThrow('mine');
    expect(await next).toBe('next');
  });
});
