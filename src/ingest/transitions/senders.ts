import type { Instance } from '../../db/schema.ts';

/** Estimates of one start differ by the delay of the messages; above this it is another start. */
export const SAME_START_MS = 30_000;

const ALTERNATION_WINDOW_MS = 3_600_000;

/** What tells two senders on one path apart. */
export interface Sender {
  started_at: number | null;
  pid: number | null;
  hostname_digest: number | null;
}

/** Whether the two have something that one process cannot change without a restart or a rename. */
export function areDifferentSenders(one: Sender, two: Sender): boolean {
  if (areKnownAndDiffer(one.hostname_digest, two.hostname_digest)) return true;
  if (one.started_at !== null && two.started_at !== null) {
    return Math.abs(one.started_at - two.started_at) > SAME_START_MS;
  }
  // Worker processes of one application have pids of their own, so the uptime comes first.
  return areKnownAndDiffer(one.pid, two.pid);
}

export interface SenderChange {
  row: Instance;
  /** The sender of before the last one speaks again: no restart, but two senders. */
  isReturn: boolean;
}

/**
 * Follows who speaks on a path. A process that restarts never comes back to its former start, so
 * two returns within an hour mean that two senders use the path.
 */
export function followSender(row: Instance, sender: Sender, atMs: number): SenderChange {
  if (row.last_beat_at === null || !areDifferentSenders(row, sender)) {
    return { row, isReturn: false };
  }
  const isReturn = row.other_at !== null && isOther(row, sender, atMs);
  const returns = isReturn ? row.sender_returns + 1 : 0;
  return {
    isReturn,
    row: {
      ...row,
      other_started_at: row.started_at,
      other_pid: row.pid,
      other_hostname_digest: row.hostname_digest,
      other_at: atMs,
      sender_returns: returns,
      two_senders_at: returns >= 2 ? atMs : row.two_senders_at,
    },
  };
}

function isOther(row: Instance, sender: Sender, atMs: number): boolean {
  if (row.other_at === null || atMs - row.other_at > ALTERNATION_WINDOW_MS) return false;
  return !areDifferentSenders(otherOf(row), sender);
}

function otherOf(row: Instance): Sender {
  return {
    started_at: row.other_started_at,
    pid: row.other_pid,
    hostname_digest: row.other_hostname_digest,
  };
}

function areKnownAndDiffer(one: number | null, two: number | null): boolean {
  return one !== null && two !== null && one !== two;
}
