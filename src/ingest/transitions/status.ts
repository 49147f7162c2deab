/** The status episode: the same word, whatever its case; message and snapshot are the latest only. */
import type { Instance, InstanceStatus, StatusEpisode } from '../../db/schema.ts';
import type { Status } from '../../protocol/messages.ts';
import { countClosing } from './flapping.ts';
import type { Receipt } from './receipt.ts';
import { type Change, type InstanceState, pathOf } from './state.ts';

/** Applies a status to its instance. */
export function applyStatus(state: InstanceState, status: Status, receipt: Receipt): Change {
  const { row } = state;
  if (isPast(row, receipt)) return recallStatus(state, status, receipt);
  const isSame = row.status !== null && isSameWord(row.status, status.status);
  const closed =
    row.status === null || isSame ? { row, closings: [] } : closeStatus(state, receipt.atMs);
  return {
    state: {
      ...state,
      row: openStatus(closed.row, { status, atMs: receipt.atMs, isSame }),
      statusDetail: describeStatus(state, status),
    },
    closings: closed.closings,
    late: [],
  };
}

/** Whether two status words are one: trimmed and case-insensitive. */
export function isSameWord(one: string, two: string): boolean {
  return one.trim().toLowerCase() === two.trim().toLowerCase();
}

/** What was kept by the client and overtaken since, by whatever message, is history. */
function isPast(row: Instance, { atMs, isLate }: Receipt): boolean {
  return (
    (row.status_last_at !== null && atMs < row.status_last_at) || (isLate && atMs < row.newest_at)
  );
}

function recallStatus(state: InstanceState, status: Status, { atMs }: Receipt): Change {
  const { row } = state;
  const isCovered = row.status_since !== null && atMs >= row.status_since;
  if (isCovered && isSameWord(row.status ?? '', status.status)) {
    const counted = { ...row, status_count: row.status_count + 1 };
    return { state: { ...state, row: counted }, closings: [], late: [] };
  }
  const openSince = isCovered ? null : row.status_since;
  const { status: word, message } = status;
  const fact = {
    kind: 'status',
    path: pathOf(row),
    atMs,
    status: word,
    message,
    openSince,
  } as const;
  return { state, closings: [], late: [fact] };
}

function closeStatus(
  state: InstanceState,
  atMs: number,
): Pick<Change, 'closings'> & { row: Instance } {
  const { row, foldFrom } = countClosing(state.row, 'status', atMs);
  const episode: StatusEpisode = {
    ...pathOf(row),
    started_at: row.status_since ?? atMs,
    ended_at: atMs,
    last_at: row.status_last_at ?? atMs,
    status: row.status ?? '',
    message: state.statusDetail?.message ?? null,
    count: row.status_count,
    episodes: 1,
  };
  return { row, closings: [{ kind: 'status', episode, foldFrom }] };
}

function openStatus(
  row: Instance,
  { status, atMs, isSame }: { status: Status; atMs: number; isSame: boolean },
): Instance {
  return {
    ...row,
    status: status.status,
    status_since: isSame ? row.status_since : atMs,
    status_last_at: atMs,
    status_count: isSame ? row.status_count + 1 : 1,
  };
}

/** A status without a snapshot says nothing about it; the last one stays. */
function describeStatus(state: InstanceState, status: Status): InstanceStatus {
  return {
    ...pathOf(state.row),
    message: status.message,
    snapshot: status.snapshot ?? state.statusDetail?.snapshot ?? null,
  };
}
