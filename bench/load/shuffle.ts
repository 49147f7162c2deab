/** The same in every run, so that figures of two runs compare. */
const SEED = 0x2f6e2b1;

/** Returns the items in an order that looks random and is always the same (Fisher and Yates). */
export function shuffle<T>(items: readonly T[]): T[] {
  const shuffled = [...items];
  const random = createRandom(SEED);
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}

/** Numbers from 0 to below 1 out of a seed, which Math.random does not take: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
