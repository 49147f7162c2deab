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

/**
 * How two messages' senders compare, by what both of them told. Worker processes of one application
 * have pids of their own, so the start comes first.
 */
export function compareSenders(one: Sender, two: Sender): 'same' | 'different' | 'unknown' {
  const isHost = areEqual(one.hostname_digest, two.hostname_digest);
  const isSame =
    isHost === false
      ? false
      : (areNear(one.started_at, two.started_at) ?? areEqual(one.pid, two.pid) ?? isHost);
  if (isSame === null) return 'unknown';
  return isSame ? 'same' : 'different';
}

export interface SenderChange {
  row: Instance;
  /** The sender of before the last one speaks again: no restart, but two senders. */
  isReturn: boolean;
}

/**
 * Follows who speaks on a path. A process that restarts never comes back to its former start, so
 * two returns within an hour mean that two senders use the path. What the sender of before told of
 * itself goes with it: kept, it would be compared with the next one.
 */
export function followSender(row: Instance, sender: Sender, atMs: number): SenderChange {
  if (row.last_beat_at === null || compareSenders(row, sender) !== 'different') {
    return { row, isReturn: false };
  }
  const isReturn = isOther(row, sender, atMs);
  const returns = isReturn ? row.sender_returns + 1 : 0;
  return {
    isReturn,
    row: {
      ...row,
      ...sender,
      uptime_seconds: null,
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
  return compareSenders(otherOf(row), sender) === 'same';
}

function otherOf(row: Instance): Sender {
  return {
    started_at: row.other_started_at,
    pid: row.other_pid,
    hostname_digest: row.other_hostname_digest,
  };
}

/** Null where one of them is not known. */
function areEqual(one: number | null, two: number | null): boolean | null {
  return one === null || two === null ? null : one === two;
}

function areNear(one: number | null, two: number | null): boolean | null {
  return one === null || two === null ? null : Math.abs(one - two) <= SAME_START_MS;
}
