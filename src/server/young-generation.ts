import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it: the objects of some hundred requests at once, many times over. */
const LARGEST_BYTES = 24 * 1024 * 1024;

/**
 * Keeps V8 from letting the young generation of any thread grow on. Left alone it grows by the
 * machine's memory, to 128 MB a thread where there is plenty, and a server of many small requests
 * fills all of it with garbage. Its maximum can be set only by a flag before the program starts;
 * whether it grows is asked anew each time.
 */
export function boundYoungGeneration(largestBytes = LARGEST_BYTES): void {
  const observer = new PerformanceObserver(() => {
    if (measureYoungGeneration() < largestBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function measureYoungGeneration(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
