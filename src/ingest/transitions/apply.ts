import type { Message } from '../../protocol/messages.ts';
import { undoClockStep } from './clock-step.ts';
import { applyDiagnostics } from './diagnostics.ts';
import { measureSkewMs, type Receipt } from './receipt.ts';
import { noteSequence } from './sessions.ts';
import type { Change, InstanceState } from './state.ts';
import { applyStatus } from './status.ts';
import { applyHeartbeat } from './up.ts';

export interface AppliedMessage extends Change {
  /** It was applied before, under the same session and sequence number; nothing changed. */
  isDuplicate: boolean;
}

/** The state of an instance after a message, and what the message adds to its history. */
export function applyMessage(
  state: InstanceState,
  message: Message,
  receipt: Receipt,
): AppliedMessage {
  const { sessions, isDuplicate } = noteSequence(state.row.sessions, message);
  if (isDuplicate) return { state, history: [], isDuplicate };
  const settled = undoClockStep(state.row, receipt);
  const row = sessions === settled.sessions ? settled : { ...settled, sessions };
  const change = applyByKind(row === state.row ? state : { ...state, row }, message, receipt);
  return { ...change, state: seeMessage(change.state, message, receipt), isDuplicate };
}

function applyByKind(state: InstanceState, message: Message, receipt: Receipt): Change {
  if (message.kind === 'heartbeat') return applyHeartbeat(state, message, receipt);
  const settled = settle(state, receipt);
  if (message.kind === 'status') return applyStatus(state, message, settled);
  return applyDiagnostics(state, message, settled);
}

/**
 * What is received now follows what was received before, also when the clock fell back in between
 * (or another node's is ahead): a last word must not be taken for an old one and get lost.
 */
function settle({ row }: InstanceState, receipt: Receipt): Receipt {
  const hasFallenBack = row.newest_at > receipt.receivedAtMs && !receipt.isLate;
  return hasFallenBack ? { ...receipt, atMs: row.newest_at } : receipt;
}

function seeMessage(state: InstanceState, message: Message, receipt: Receipt): InstanceState {
  const { row } = state;
  return {
    ...state,
    row: {
      ...row,
      last_seen_at: Math.max(row.last_seen_at, receipt.receivedAtMs),
      newest_at: Math.max(row.newest_at, receipt.atMs),
      token_id: receipt.tokenId,
      clock_skew_ms: measureSkewMs(message, receipt) ?? row.clock_skew_ms,
    },
  };
}
