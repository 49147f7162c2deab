import type { RejectionLogLimits } from '../../db/rejections/write.ts';

/** How much refusals can cost: memory, writes and space; what exceeds it is counted as not recorded. */
export interface RejectionLimits extends RejectionLogLimits {
  /** New rows a minute from one address (IPv6: from one /64). */
  rowsPerMinute: number;
  /** A payload longer than this, with room for what is quoted around the fault, is cut. */
  payloadBytes: number;
  /** What may wait in memory for the next write. */
  pendingRows: number;
  pendingBytes: number;
  writeIntervalMs: number;
}

export const DEFAULT_REJECTION_LIMITS: RejectionLimits = {
  maxRows: 10_000,
  maxBytes: 64 * 1024 * 1024,
  rowsPerMinute: 60,
  payloadBytes: 8 * 1024,
  pendingRows: 500,
  pendingBytes: 8 * 1024 * 1024,
  writeIntervalMs: 250,
};
