/** The columns of the tables that ingest reads and writes in bulk. */
import type { BulkTable, Columns } from './statements.ts';

const PATH = { customer: 'text', machine: 'text', software: 'text' } as const satisfies Columns;
const PATH_KEY = ['customer', 'machine', 'software'] as const;

/** Ingest changes only the number of instances; the overdue limit is set by operators meanwhile. */
export const MACHINES: BulkTable<'machine'> = {
  name: 'machine',
  key: ['customer', 'machine'],
  columns: {
    customer: 'text',
    machine: 'text',
    first_seen_at: 'int',
    overdue_after_ms: 'int',
    instances: 'int',
  },
  merge: { first_seen_at: 'machine.first_seen_at', overdue_after_ms: 'machine.overdue_after_ms' },
};

export const INSTANCES: BulkTable<'instance'> = {
  name: 'instance',
  key: PATH_KEY,
  columns: {
    ...PATH,
    first_seen_at: 'int',
    last_seen_at: 'int',
    newest_at: 'int',
    token_id: 'text',
    overdue_after_ms: 'int',
    machine_overdue_after_ms: 'int',
    up_since: 'int',
    last_beat_at: 'int',
    beats: 'int',
    version: 'text',
    uptime_seconds: 'real',
    pid: 'int',
    started_at: 'int',
    clock_skew_ms: 'int',
    host_digest: 'int',
    hostname_digest: 'int',
    former_senders: 'text',
    sender_returns: 'int',
    two_senders_at: 'int',
    status: 'text',
    status_since: 'int',
    status_last_at: 'int',
    status_count: 'int',
    open_errors: 'int',
    acknowledged_errors: 'int',
    open_warnings: 'int',
    newest_warning_at: 'int',
    worst_severity: 'int',
    worst_code: 'int',
    worst_text: 'text',
    worst_since: 'int',
    up_window_at: 'int',
    up_closings: 'int',
    status_window_at: 'int',
    status_closings: 'int',
    diagnostic_window_at: 'int',
    diagnostic_closings: 'int',
    sessions: 'text',
  },
};

/** A heartbeat that leaves out a field says nothing about it: what was known stays. */
export const HOSTS: BulkTable<'instance_host'> = {
  name: 'instance_host',
  key: PATH_KEY,
  columns: { ...PATH, ips: 'text', hostname: 'text', os: 'text' },
  merge: {
    ips: 'coalesce(excluded.ips, instance_host.ips)',
    hostname: 'coalesce(excluded.hostname, instance_host.hostname)',
    os: 'coalesce(excluded.os, instance_host.os)',
  },
};

export const STATUSES: BulkTable<'instance_status'> = {
  name: 'instance_status',
  key: PATH_KEY,
  columns: { ...PATH, message: 'text', snapshot: 'text' },
};

export const DIAGNOSTICS: BulkTable<'diagnostic'> = {
  name: 'diagnostic',
  key: [...PATH_KEY, 'code', 'module'],
  columns: {
    ...PATH,
    code: 'int',
    module: 'text',
    severity: 'int',
    message: 'text',
    context: 'text',
    count: 'int',
    opened_at: 'int',
    last_at: 'int',
    acknowledged_at: 'int',
    acknowledged_by: 'text',
    note: 'text',
  },
};

export const UP_HISTORY: BulkTable<'up_history'> = {
  name: 'up_history',
  key: [...PATH_KEY, 'started_at'],
  columns: {
    ...PATH,
    started_at: 'int',
    ended_at: 'int',
    up_ms: 'int',
    beats: 'int',
    version: 'text',
    ended_by: 'text',
    episodes: 'int',
  },
};

export const STATUS_HISTORY: BulkTable<'status_history'> = {
  name: 'status_history',
  key: [...PATH_KEY, 'started_at'],
  columns: {
    ...PATH,
    started_at: 'int',
    ended_at: 'int',
    last_at: 'int',
    status: 'text',
    message: 'text',
    count: 'int',
    episodes: 'int',
  },
};

export const DIAGNOSTIC_HISTORY: BulkTable<'diagnostic_history'> = {
  name: 'diagnostic_history',
  key: [...PATH_KEY, 'opened_at', 'code', 'module'],
  columns: {
    ...PATH,
    opened_at: 'int',
    code: 'int',
    module: 'text',
    severity: 'int',
    message: 'text',
    context: 'text',
    count: 'int',
    last_at: 'int',
    closed_at: 'int',
    closed_by: 'text',
    acknowledged_at: 'int',
    acknowledged_by: 'text',
    note: 'text',
    episodes: 'int',
  },
};
