import { isStorageFailure } from '../../db/connection/errors.ts';
import { type Copied, type CopyOptions, copyInstallation } from '../../db/copy/copy.ts';
import type { Sides } from '../../db/copy/side.ts';
import { FleetError } from '../../domain/errors.ts';
import { findActor } from '../actor.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeNote } from '../output.ts';
import { showProgress } from './progress.ts';

/** Copies with progress on stderr unless `quiet`; where it is cut short, stderr says how to go on. */
export async function runCopy(sides: Sides, { quiet }: { quiet: boolean }): Promise<Copied> {
  const { signal, stop } = listenForInterrupt();
  // A second Ctrl-C ends the process at once: the batch at work may wait for its database.
  signal.addEventListener('abort', stop);
  const clock = () => Date.now();
  const { show, clear } = showProgress(process.stderr, clock);
  let isBegun = false;
  const options: CopyOptions = {
    actor: findActor(),
    clock,
    signal,
    onProgress: quiet ? () => {} : show,
    onBegin: () => {
      isBegun = true;
    },
    onBeginAnew: () => {
      clear();
      writeNote('Deleting what was copied so far, which may take minutes: the copy begins anew.');
    },
  };
  try {
    return await copyInstallation(sides, options);
  } catch (error) {
    clear();
    if (isBegun && isCutShort(error)) {
      writeNote('The copy is unfinished; the same command goes on where it was.');
    }
    throw error;
  } finally {
    clear();
    stop();
  }
}

/** Whether nothing is wrong with the copy itself; other errors say what to do in their own hints. */
function isCutShort(error: unknown): boolean {
  if (!(error instanceof FleetError)) return false;
  return error.code === 'interrupted' || isStorageFailure(error.cause);
}
