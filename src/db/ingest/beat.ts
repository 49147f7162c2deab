import type { Instance } from '../schema.ts';

/** What a heartbeat changes while nothing happens; they are written without the rest of the row. */
export const BEAT_COLUMNS = [
  'last_seen_at',
  'newest_at',
  'last_beat_at',
  'beats',
  'uptime_seconds',
  'started_at',
  'clock_skew_ms',
  'sessions',
] as const satisfies readonly (keyof Instance)[];

/**
 * Whether nothing happened between two states of one instance, except that it showed that it lives.
 * Column by column and not in a loop over their names, which took 0.9 µs a heartbeat; a test holds
 * it against the table.
 */
export function isBeatOnly(before: Instance, after: Instance): boolean {
  return (
    before.first_seen_at === after.first_seen_at &&
    before.token_id === after.token_id &&
    before.overdue_after_ms === after.overdue_after_ms &&
    before.machine_overdue_after_ms === after.machine_overdue_after_ms &&
    before.up_since === after.up_since &&
    before.version === after.version &&
    before.pid === after.pid &&
    before.host_digest === after.host_digest &&
    before.hostname_digest === after.hostname_digest &&
    before.former_senders === after.former_senders &&
    before.sender_returns === after.sender_returns &&
    before.two_senders_at === after.two_senders_at &&
    before.status === after.status &&
    before.status_since === after.status_since &&
    before.status_last_at === after.status_last_at &&
    before.status_count === after.status_count &&
    before.open_errors === after.open_errors &&
    before.acknowledged_errors === after.acknowledged_errors &&
    before.open_warnings === after.open_warnings &&
    before.newest_warning_at === after.newest_warning_at &&
    before.worst_severity === after.worst_severity &&
    before.worst_code === after.worst_code &&
    before.worst_text === after.worst_text &&
    before.worst_since === after.worst_since &&
    before.up_window_at === after.up_window_at &&
    before.up_closings === after.up_closings &&
    before.status_window_at === after.status_window_at &&
    before.status_closings === after.status_closings &&
    before.diagnostic_window_at === after.diagnostic_window_at &&
    before.diagnostic_closings === after.diagnostic_closings
  );
}
