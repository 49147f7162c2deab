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
 * two returns within an hour mean that several senders use the path. What the sender of before told
 * of itself goes with it: kept, it would be compared with the next one.
 */
export function followSender(row: Instance, sender: Sender, atMs: number): SenderChange {
  if (row.last_beat_at === null || compareSenders(row, sender) !== 'different') {
    return { row, isReturn: false };
  }
  const former = listFormer(row, atMs);
  const others = former.filter((each) => compareSenders(each, sender) !== 'same');
  const isReturn = others.length < former.length;
  const returns = isReturn ? row.sender_returns + 1 : 0;
  const leaving = { ...pickSender(row), left_at: atMs };
  return {
    isReturn,
    row: {
      ...row,
      ...sender,
      uptime_seconds: null,
      former_senders: writeFormer([...others, leaving].slice(-KEPT_SENDERS)),
      sender_returns: returns,
      two_senders_at: returns >= 2 ? atMs : row.two_senders_at,
    },
  };
}

interface FormerSender extends Sender {
  left_at: number;
}

/** Worker processes that tell only their pids are more than two; a device that makes up pids must not be kept in mind for ever. */
const KEPT_SENDERS = 8;

function pickSender({ started_at, pid, hostname_digest }: Sender): Sender {
  return { started_at, pid, hostname_digest };
}

function listFormer({ former_senders }: Instance, atMs: number): FormerSender[] {
  const rows: (number | null)[][] = former_senders === null ? [] : JSON.parse(former_senders);
  return rows
    .map(([started_at = null, pid = null, hostname_digest = null, left_at]) => ({
      ...{ started_at, pid, hostname_digest },
      left_at: left_at ?? 0,
    }))
    .filter(({ left_at }) => Math.abs(atMs - left_at) <= ALTERNATION_WINDOW_MS);
}

function writeFormer(former: readonly FormerSender[]): string {
  return JSON.stringify(
    former.map((each) => [each.started_at, each.pid, each.hostname_digest, each.left_at]),
  );
}

/** Null where one of them is not known. */
function areEqual(one: number | null, two: number | null): boolean | null {
  return one === null || two === null ? null : one === two;
}

function areNear(one: number | null, two: number | null): boolean | null {
  return one === null || two === null ? null : Math.abs(one - two) <= SAME_START_MS;
}
