import type { Interval } from '../../domain/time/observed.ts';
import type { Envelope } from '../../protocol/messages.ts';

/** What the server knows of a message besides its content. */
export interface Receipt {
  receivedAtMs: number;
  /** When it happened: the time of receipt less the age that the client measured. */
  atMs: number;
  /** Older than the overdue limit: it was kept by the client while the server was away. */
  isLate: boolean;
  /** The overdue limit of the instance. */
  overdueAfterMs: number;
  /** Times in which no server listened, in order. */
  unobserved: readonly Interval[];
  tokenId: string;
}

export interface Surroundings {
  receivedAtMs: number;
  overdueAfterMs: number;
  unobserved: readonly Interval[];
  tokenId: string;
}

/** Places a message in time: by its age only, since the device's clock may be wrong. */
export function dateMessage(envelope: Envelope, surroundings: Surroundings): Receipt {
  const ageMs = Math.round((envelope.ageSeconds ?? 0) * 1000);
  return {
    ...surroundings,
    atMs: surroundings.receivedAtMs - ageMs,
    isLate: ageMs > surroundings.overdueAfterMs,
  };
}

/** How far the device's clock is ahead of the server's, or null when the message carries no `ts`. */
export function measureSkewMs(envelope: Envelope, receipt: Receipt): number | null {
  return envelope.tsMs === null ? null : Math.round(envelope.tsMs - receipt.atMs);
}
