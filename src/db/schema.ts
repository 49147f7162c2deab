/**
 * The tables as Kysely sees them. Instants are epoch milliseconds, flags 0/1, JSON is text that
 * is parsed at the edge. Fleet data is keyed by its path, `customer` first, so that the tables
 * can be distributed by customer; `customer` and `token` are small reference tables.
 */
import type { Insertable, Selectable, Updateable } from 'kysely';

export interface CustomerTable {
  slug: string;
  name: string;
  email: string | null;
  phone: string | null;
  parent: string | null;
  overdue_after_ms: number | null;
  machine_limit: number | null;
  created_at: number;
  deactivated_at: number | null;
}

export interface TokenTable {
  id: string;
  customer: string;
  name: string | null;
  /** SHA-256 of the whole token, 32 bytes. The token itself is stored nowhere. */
  secret_hash: Uint8Array;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  replaces: string | null;
}

/** Apart from `token`, because ingest holds that row's lock in share mode while it writes this one. */
export interface TokenUseTable {
  customer: string;
  token_id: string;
  last_used_at: number;
  last_used_address: string;
}

/** How many machines a customer has: the row whose lock makes the machine limit exact. */
export interface MachineCountTable {
  customer: string;
  machines: number;
}

export interface MachineTable {
  customer: string;
  machine: string;
  first_seen_at: number;
  overdue_after_ms: number | null;
  /** How many instances run on it: makes the instance limit exact. */
  instances: number;
}

/** The hot row: rewritten by every message, small, and without an index on anything that changes. */
export interface InstanceTable {
  customer: string;
  machine: string;
  software: string;
  first_seen_at: number;
  /** Receipt of the last accepted message. */
  last_seen_at: number;
  /** Event time of the newest message of any kind. */
  newest_at: number;
  token_id: string;
  overdue_after_ms: number | null;
  /** Copy of the machine's limit, so that a heartbeat reads one row and not two. */
  machine_overdue_after_ms: number | null;

  /** The open up episode: first and last heartbeat, and how many. */
  up_since: number | null;
  last_beat_at: number | null;
  beats: number;
  version: string | null;
  uptime_seconds: number | null;
  pid: number | null;
  /** Estimated start of the process: time of the heartbeat less its uptime. */
  started_at: number | null;
  clock_skew_ms: number | null;
  /** Digest of addresses, hostname and os, so that the side row is written only when they change. */
  host_digest: number | null;
  hostname_digest: number | null;

  /** JSON `[[started_at, pid, hostname_digest, left_at], …]`: who spoke before, to recognise several that take turns. */
  former_senders: string | null;
  sender_returns: number;
  two_senders_at: number | null;

  /** The open status episode. */
  status: string | null;
  status_since: number | null;
  status_last_at: number | null;
  status_count: number;

  /** What health needs of the open diagnostics. */
  open_errors: number;
  acknowledged_errors: number;
  open_warnings: number;
  newest_warning_at: number | null;
  worst_severity: number;
  worst_code: number | null;
  worst_text: string | null;
  worst_since: number | null;

  /** Flapping: the hour in which closings are counted, and how many there were. */
  up_window_at: number | null;
  up_closings: number;
  status_window_at: number | null;
  status_closings: number;
  diagnostic_window_at: number | null;
  diagnostic_closings: number;

  /** JSON `[[session, seq], …]`, the most recent last. */
  sessions: string | null;
}

export interface InstanceHostTable {
  customer: string;
  machine: string;
  software: string;
  ips: string | null;
  hostname: string | null;
  os: string | null;
}

export interface InstanceStatusTable {
  customer: string;
  machine: string;
  software: string;
  message: string | null;
  snapshot: string | null;
}

/** The last word on each code and module of an instance; severity 0 means it is not open. */
export interface DiagnosticTable {
  customer: string;
  machine: string;
  software: string;
  code: number;
  module: string;
  severity: number;
  message: string;
  context: string | null;
  count: number;
  opened_at: number;
  last_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  note: string | null;
}

export interface UpHistoryTable {
  customer: string;
  machine: string;
  software: string;
  started_at: number;
  ended_at: number;
  /** Time covered by heartbeats; less than the whole where several episodes were merged. */
  up_ms: number;
  beats: number;
  version: string | null;
  ended_by: string;
  /** How many episodes this row stands for: above 1 where flapping merged them. */
  episodes: number;
}

export interface StatusHistoryTable {
  customer: string;
  machine: string;
  software: string;
  started_at: number;
  ended_at: number;
  last_at: number;
  status: string;
  message: string | null;
  count: number;
  episodes: number;
}

export interface DiagnosticHistoryTable {
  customer: string;
  machine: string;
  software: string;
  opened_at: number;
  code: number;
  module: string;
  severity: number;
  message: string;
  context: string | null;
  count: number;
  last_at: number;
  closed_at: number;
  closed_by: string;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  note: string | null;
  episodes: number;
}

export interface RejectionTable {
  customer: string;
  /** Digest of what identifies the episode: reason, path, endpoint, token and address. */
  digest: string;
  /** 0 while the episode is open, its `first_at` afterwards: keeps one open row a digest. */
  slot: number;
  id: string;
  reason: string;
  http_status: number;
  machine: string;
  software: string;
  endpoint: string;
  path: string;
  token_id: string;
  token_customer: string;
  /** What the form of an unknown token tells; '' otherwise. */
  token_form: string;
  address: string;
  detail: string;
  errors: string | null;
  payload: string | null;
  count: number;
  first_at: number;
  last_at: number;
  bytes: number;
}

export interface NodeTable {
  node: string;
  listening_since: number;
  last_alive_at: number;
  stopped_at: number | null;
  /** Its default overdue limit, for whoever judges silence without being a server. */
  overdue_after_ms: number;
  accepted: number;
  refused: number;
  not_recorded: number;
}

/** Time in which no node listened: nobody's fault. */
export interface UnobservedTable {
  started_at: number;
  ended_at: number;
}

export interface AuditTable {
  id: string;
  at: number;
  actor: string;
  action: string;
  customer: string;
  subject: string;
  detail: string | null;
}

export interface Database {
  customer: CustomerTable;
  token: TokenTable;
  token_use: TokenUseTable;
  machine_count: MachineCountTable;
  machine: MachineTable;
  instance: InstanceTable;
  instance_host: InstanceHostTable;
  instance_status: InstanceStatusTable;
  diagnostic: DiagnosticTable;
  up_history: UpHistoryTable;
  status_history: StatusHistoryTable;
  diagnostic_history: DiagnosticHistoryTable;
  rejection: RejectionTable;
  node: NodeTable;
  unobserved: UnobservedTable;
  audit: AuditTable;
}

export type Customer = Selectable<CustomerTable>;
export type NewCustomer = Insertable<CustomerTable>;
export type CustomerUpdate = Updateable<CustomerTable>;
export type Token = Selectable<TokenTable>;
export type Machine = Selectable<MachineTable>;
export type Instance = Selectable<InstanceTable>;
export type InstanceHost = Selectable<InstanceHostTable>;
export type InstanceStatus = Selectable<InstanceStatusTable>;
export type Diagnostic = Selectable<DiagnosticTable>;
export type UpEpisode = Selectable<UpHistoryTable>;
export type StatusEpisode = Selectable<StatusHistoryTable>;
export type DiagnosticEpisode = Selectable<DiagnosticHistoryTable>;
export type Rejection = Selectable<RejectionTable>;
export type ServerNode = Selectable<NodeTable>;
export type Unobserved = Selectable<UnobservedTable>;
export type AuditEntry = Selectable<AuditTable>;
