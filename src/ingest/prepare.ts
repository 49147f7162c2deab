import type { Credential } from '../db/tokens/credentials.ts';
import { judgeAuthority } from './authority.ts';
import type { OpenRequest, Step } from './open-request.ts';

/**
 * How much is decoded for one transaction. The bytes bound memory: decoded, they take several times
 * as much. The changes bound how long others wait for the write lock and for their answers: some 25
 * ms. Fewer of them would have more pages to write each: 10,000 instances stand in 550.
 */
export const PART_LIMITS = { bytes: 4 * 1024 * 1024, changes: 2_500 };

export interface Unprepared {
  requests: readonly OpenRequest[];
  credentials: ReadonlyMap<string, Credential>;
  nowMs: number;
}

/**
 * Refuses what needs no transaction, and decodes the rest in parts, each for a transaction of its
 * own. A part ends within a batch where it is full, and takes the messages of several requests
 * where they are few.
 */
export async function* prepareParts({
  requests,
  credentials,
  nowMs,
}: Unprepared): AsyncGenerator<Step[]> {
  let part = new Part();
  for (const open of requests) {
    const credential = credentials.get(open.request.tokenHash);
    const refusal = judgeAuthority(open.request, credential, nowMs);
    if (refusal) open.refuse(refusal);
    else if (credential) {
      const unpackedBytes = (await open.unpack?.(credential)) ?? 0;
      part.heldBytes += unpackedBytes;
      for (const step of open.read(credential)) {
        part.add(step);
        if (!part.isFull) continue;
        yield part.steps;
        part = new Part(unpackedBytes);
      }
      if (!part.holdsMuch) continue;
      yield part.steps;
      part = new Part();
    }
  }
  yield part.steps;
}

class Part {
  readonly steps: Step[] = [];
  /** Of bodies that were unpacked apart and are kept until their messages are settled. */
  heldBytes: number;
  #bytes = 0;
  #changes = 0;

  constructor(heldBytes = 0) {
    this.heldBytes = heldBytes;
  }

  add(step: Step): void {
    this.steps.push(step);
    this.#bytes += step.bytes;
    this.#changes += step.message.kind === 'diagnostics' ? step.message.items.length : 1;
  }

  get isFull(): boolean {
    return this.#changes >= PART_LIMITS.changes || this.#bytes >= PART_LIMITS.bytes;
  }

  /** A few lines may stand in megabytes of blanks. */
  get holdsMuch(): boolean {
    return this.heldBytes >= PART_LIMITS.bytes;
  }
}
