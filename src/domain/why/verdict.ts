/** One verdict from everything that is known about a path. */
import type { Evidence } from './evidence.ts';
import type { Finding } from './situation.ts';
import { SITUATIONS } from './situations.ts';

/** Returns the first situation that applies, in words and with what to do. */
export function judgeEvidence(evidence: Evidence): Finding {
  for (const { judge } of SITUATIONS) {
    const finding = judge(evidence);
    if (finding) return finding;
  }
  throw new Error('The last situation applies always.');
}
