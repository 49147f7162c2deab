import type { LoadResult } from './run-load.ts';

export interface BackgroundLoad {
  /** Lets the present run end and returns the results of all. */
  stop: () => Promise<LoadResult[]>;
}

/** Repeats runs of load, one directly after the other, while something else is measured. */
export function startBackgroundLoad(run: () => Promise<LoadResult>): BackgroundLoad {
  let isStopping = false;
  const results: LoadResult[] = [];
  const loop = async () => {
    while (!isStopping) results.push(await run());
    return results;
  };
  const running = loop();
  // A failure is seen by whoever stops it; until then it must not end the process.
  running.catch(() => undefined);
  return {
    stop: () => {
      isStopping = true;
      return running;
    },
  };
}
