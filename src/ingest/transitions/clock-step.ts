/**
 * Instants that lie in the future because the server's clock was set back. They are brought back to
 * now; otherwise a device would be taken for alive, and its words for old ones, until the clock has
 * made up for the step.
 */
import type { Diagnostic, Instance } from '../../db/schema.ts';
import type { Receipt } from './receipt.ts';

const INSTANTS = [
  'first_seen_at',
  'last_seen_at',
  'newest_at',
  'up_since',
  'last_beat_at',
  'two_senders_at',
  'status_since',
  'status_last_at',
  'newest_warning_at',
  'worst_since',
  'up_window_at',
  'status_window_at',
  'diagnostic_window_at',
] as const satisfies readonly (keyof Instance)[];

type Now = Pick<Receipt, 'receivedAtMs' | 'overdueAfterMs'>;

/** The instance without instants of the future; the row itself where there are none. */
export function undoClockStep(row: Instance, now: Now): Instance {
  if (!isAhead(row.newest_at, now)) return row;
  const bounded = INSTANTS.map((name) => [name, bound(row[name], now)]);
  return { ...row, ...Object.fromEntries(bounded) };
}

/** The same for a diagnostic, which is read only with the messages that concern it. */
export function undoClockStepOf(diagnostic: Diagnostic, now: Now): Diagnostic {
  if (!isAhead(diagnostic.last_at, now)) return diagnostic;
  const { opened_at, last_at } = diagnostic;
  const opened = Math.min(opened_at, now.receivedAtMs);
  return { ...diagnostic, opened_at: opened, last_at: Math.min(last_at, now.receivedAtMs) };
}

/** Less than the overdue limit may be nodes whose clocks differ, or that commit in another order. */
function isAhead(atMs: number, { receivedAtMs, overdueAfterMs }: Now): boolean {
  return atMs - receivedAtMs > overdueAfterMs;
}

function bound(atMs: number | null, { receivedAtMs }: Now): number | null {
  return atMs === null ? null : Math.min(atMs, receivedAtMs);
}
