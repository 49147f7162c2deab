import type { Credential } from '../db/tokens/credentials.ts';
import { judgeAuthority } from './authority.ts';
import type { OpenRequest, Step } from './open-request.ts';

/**
 * How much is decoded for one transaction. The bytes bound memory: decoded, they take several times
 * as much. The messages bound how long others wait for the write lock and for their answers.
 */
export const PART_LIMITS = { bytes: 4 * 1024 * 1024, messages: 1_000 };

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
  let part: Step[] = [];
  let bytes = 0;
  for (const open of requests) {
    const credential = credentials.get(open.request.tokenHash);
    const refusal = judgeAuthority(open.request, credential, nowMs);
    if (refusal) open.refuse(refusal);
    else if (credential) {
      if (open.unpack) await open.unpack(credential);
      for (const step of open.read(credential)) {
        part.push(step);
        bytes += step.bytes;
        if (part.length < PART_LIMITS.messages && bytes < PART_LIMITS.bytes) continue;
        yield part;
        [part, bytes] = [[], 0];
      }
    }
  }
  if (part.length > 0) yield part;
}
