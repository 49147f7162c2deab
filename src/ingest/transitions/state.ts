import type {
  Diagnostic,
  DiagnosticEpisode,
  Instance,
  InstanceHost,
  InstanceStatus,
  StatusEpisode,
  UpEpisode,
} from '../../db/schema.ts';
import type { DiagnosticItem } from '../../protocol/messages.ts';

/** Everything that the transitions of one instance read and change. */
export interface InstanceState {
  row: Instance;
  /** What this batch learned of the host; null where nothing changed. */
  host: InstanceHost | null;
  /** Loaded for instances that have a status message in the batch. */
  statusDetail: InstanceStatus | null;
  /** Loaded for instances that have a diagnostics message in the batch; by `diagnosticKey`. */
  diagnostics: ReadonlyMap<string, Diagnostic>;
}

/** A closed episode on its way into the history. */
export type Closing =
  | { kind: 'up'; episode: UpEpisode; foldFrom: number | null }
  | { kind: 'status'; episode: StatusEpisode; foldFrom: number | null }
  | { kind: 'diagnostic'; episode: DiagnosticEpisode; foldFrom: number | null };

export type EpisodeKind = Closing['kind'];

/** A message from the past, to be fitted into the history of its instance. */
export type LateFact = LateBeat | LateStatus | LateDiagnostic;

interface Late {
  path: Path;
  atMs: number;
}

export interface LateBeat extends Late {
  kind: 'up';
  version: string | null;
  overdueAfterMs: number;
}

export interface LateStatus extends Late {
  kind: 'status';
  status: string;
  message: string | null;
  /** When the open episode began; nothing in the history may reach into it. */
  openSince: number | null;
}

export interface LateDiagnostic extends Late {
  kind: 'diagnostic';
  item: DiagnosticItem;
  /** When the open episode of this code and module began. */
  openSince: number | null;
}

export type HistoryEntry = Closing | LateFact;

export interface Path {
  customer: string;
  machine: string;
  software: string;
}

/** What one message does: the state after it, and what goes into the history, in this order. */
export interface Change {
  state: InstanceState;
  history: HistoryEntry[];
}

/** The state with which an instance begins, or as it was read without its details. */
export function startState(row: Instance): InstanceState {
  return { row, host: null, statusDetail: null, diagnostics: NONE };
}

const NONE: InstanceState['diagnostics'] = new Map();

/** The three slugs of a row. */
export function pathOf({ customer, machine, software }: Path): Path {
  return { customer, machine, software };
}

/** A path in one text, as it stands in URLs. */
export function pathKey({ customer, machine, software }: Path): string {
  return `${customer}/${machine}/${software}`;
}

/** The state of an instance that was never heard of before. */
export function createInstance(path: Path, receipt: { receivedAtMs: number; tokenId: string }) {
  return {
    ...pathOf(path),
    ...BLANK_INSTANCE,
    first_seen_at: receipt.receivedAtMs,
    last_seen_at: receipt.receivedAtMs,
    token_id: receipt.tokenId,
  } satisfies Instance;
}

const BLANK_INSTANCE = {
  newest_at: 0,
  overdue_after_ms: null,
  machine_overdue_after_ms: null,
  up_since: null,
  last_beat_at: null,
  beats: 0,
  version: null,
  uptime_seconds: null,
  pid: null,
  started_at: null,
  clock_skew_ms: null,
  host_digest: null,
  hostname_digest: null,
  former_senders: null,
  sender_returns: 0,
  two_senders_at: null,
  status: null,
  status_since: null,
  status_last_at: null,
  status_count: 0,
  open_errors: 0,
  acknowledged_errors: 0,
  open_warnings: 0,
  newest_warning_at: null,
  worst_severity: 0,
  worst_code: null,
  worst_text: null,
  worst_since: null,
  up_window_at: null,
  up_closings: 0,
  status_window_at: null,
  status_closings: 0,
  diagnostic_window_at: null,
  diagnostic_closings: 0,
  sessions: null,
};
