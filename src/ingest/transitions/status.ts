/** The status episode: the same word, whatever its case; message and snapshot are the latest only. */
import type { Instance, InstanceStatus, StatusEpisode } from '../../db/schema.ts';
import { isSameWord } from '../../domain/status-word.ts';
import type { Status } from '../../protocol/messages.ts';
import { countClosing } from './flapping.ts';
import type { Receipt } from './receipt.ts';
import { type Change, type HistoryEntry, type InstanceState, pathOf } from './state.ts';

/** Applies a status to its instance. */
export function applyStatus(state: InstanceState, status: Status, receipt: Receipt): Change {
  const { row } = state;
  const { atMs } = receipt;
  if (isPast(row, receipt)) return recallStatus(state, status, receipt);
  const isSame = row.status !== null && isSameWord(row.status, status.status);
  const { row: before, history } =
    row.status === null || isSame ? { row, history: [] } : closeStatus(state, atMs);
  const opened = openStatus(before, { status, atMs, isSame });
  return {
    state: { ...state, row: opened, statusDetail: describeStatus(state, status) },
    history,
  };
}

/** What was kept by the client and overtaken since, by whatever message, is history. */
function isPast(row: Instance, { atMs, isLate }: Receipt): boolean {
  return (
    (row.status_last_at !== null && atMs < row.status_last_at) || (isLate && atMs < row.newest_at)
  );
}

function recallStatus(state: InstanceState, status: Status, { atMs }: Receipt): Change {
  const { row } = state;
  const openSince = row.status_since;
  const isCovered = openSince !== null && atMs >= openSince;
  if (isCovered && isSameWord(row.status ?? '', status.status)) {
    return { state: { ...state, row: countRecalled(row, atMs) }, history: [] };
  }
  const { status: word, message } = status;
  const fact = {
    kind: 'status',
    path: pathOf(row),
    atMs,
    status: word,
    message,
    openSince,
  } as const;
  return { state, history: [fact] };
}

function countRecalled(row: Instance, atMs: number): Instance {
  const lastAt = Math.max(row.status_last_at ?? atMs, atMs);
  return { ...row, status_count: row.status_count + 1, status_last_at: lastAt };
}

function closeStatus(
  state: InstanceState,
  atMs: number,
): { row: Instance; history: HistoryEntry[] } {
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
  return { row, history: [{ kind: 'status', episode, foldFrom }] };
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
