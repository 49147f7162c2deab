import type { FleetState } from '../../src/domain/health/fleet.ts';
import type { Watch } from '../../src/domain/health/watch.ts';
import { OVERDUE, T0 } from './instance-model.ts';

/** An instance that sent a heartbeat just now, at T0, and nothing else. */
export function beating(changes: Partial<FleetState> = {}): FleetState {
  return {
    ...{ customer: 'my-company', machine: 'press-1', software: 'line-control' },
    ...{ up_since: T0, last_beat_at: T0 },
    ...{ status: null, status_message: null, status_since: null, status_last_at: null },
    ...{ open_errors: 0, acknowledged_errors: 0, open_warnings: 0, newest_warning_at: null },
    ...{ worst_code: null, worst_text: null, worst_since: null, two_senders_at: null },
    ...{ overdue_after_ms: null, machine_overdue_after_ms: null, customer_overdue_after_ms: null },
    ...changes,
  };
}

/** A server that has listened without a break, so many milliseconds after T0. */
export function watchAt(atMs: number, changes: Partial<Watch> = {}): Watch {
  const nowMs = T0 + atMs;
  return { nowMs, watchedUntilMs: nowMs, unobserved: [], overdueAfterMs: OVERDUE, ...changes };
}
