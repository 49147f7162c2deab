import { type Copied, type CopyProgress, copyInstallation } from '../../db/copy/copy.ts';
import type { Sides } from '../../db/copy/side.ts';
import { findActor } from '../actor.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeNote } from '../output.ts';
import { showProgress } from './progress.ts';

/** Copies with progress on stderr unless `quiet`; where it ends early, stderr says how to go on. */
export async function runCopy(sides: Sides, { quiet }: { quiet: boolean }): Promise<Copied> {
  const { signal, stop } = listenForInterrupt();
  // A second Ctrl-C ends the process at once: the batch at work may wait for its database.
  signal.addEventListener('abort', stop);
  const clock = () => Date.now();
  const { show, clear } = showProgress(process.stderr, clock);
  let isBegun = false;
  const onProgress = (progress: CopyProgress) => {
    isBegun = true;
    if (!quiet) show(progress);
  };
  try {
    return await copyInstallation(sides, { actor: findActor(), clock, signal, onProgress });
  } catch (error) {
    clear();
    if (isBegun) writeNote('The copy is unfinished; the same command goes on where it was.');
    throw error;
  } finally {
    clear();
    stop();
  }
}
