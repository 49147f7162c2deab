/** How much a property test of whole stories tries, and how to try more of it. */
const DEFAULT_SEED = 20261123;
const { FLEET_TEST_SEED: seed = DEFAULT_SEED, FLEET_TEST_TIMES: times = 1 } = process.env;

const FACTOR = Number(times);

/**
 * The parameters of a property test: the same stories in every run, so that a failure comes of the
 * change at hand. For other ones and more of them:
 * `FLEET_TEST_SEED=$RANDOM FLEET_TEST_TIMES=50 npx vitest run property`. A failure names its seed
 * and its path. Stories are large: shrinking one through a database takes longer than reading it.
 */
export function tryStories(numRuns: number) {
  return { numRuns: numRuns * FACTOR, seed: Number(seed), endOnFailure: true };
}

/** How long such a test may take, in milliseconds, however many stories were asked for. */
export const STORIES_TIMEOUT_MS = 120_000 * FACTOR;
