/**
 * Health: a pure function of an instance's current state and of the clock, computed when asked and
 * stored nowhere.
 */

import { isExpiredWarning } from '../diagnostics/summary.ts';
import { countNoun } from '../text/count.ts';
import { formatDuration } from '../time/duration.ts';
import { TWO_SENDERS_END_AFTER_MS } from '../time/episodes.ts';
import type { Light } from './light.ts';
import { isOverdue, measureSilenceMs, type Watch } from './watch.ts';

/** Overdue limits in milliseconds of an instance, its machine and its customer; the first that is set counts. */
export interface OverdueLimits {
  overdue_after_ms: number | null;
  machine_overdue_after_ms: number | null;
  customer_overdue_after_ms: number | null;
}

/** What health needs to know of an instance; instants in epoch ms. */
export interface HealthState extends OverdueLimits {
  up_since: number | null;
  last_beat_at: number | null;
  /** The word of the device itself, and when it was said first and last. */
  status: string | null;
  status_message: string | null;
  status_since: number | null;
  status_last_at: number | null;
  /** Open diagnostics of severity 2, the acknowledged among them, and of severity 1. */
  open_errors: number;
  acknowledged_errors: number;
  open_warnings: number;
  newest_warning_at: number | null;
  /** The worst open diagnostic: an unacknowledged error before an acknowledged one before a warning. */
  worst_code: number | null;
  worst_text: string | null;
  worst_since: number | null;
  two_senders_at: number | null;
}

export type HealthReasonCode =
  | 'overdue'
  | 'status_error'
  | 'open_errors'
  | 'status_degraded'
  | 'status_stopped'
  | 'acknowledged_errors'
  | 'open_warnings'
  | 'two_senders'
  | 'no_heartbeat';

/** Why a light is not green. */
export interface HealthReason {
  code: string;
  /** Without the time, which is told apart; not made printable, because it quotes the device. */
  text: string;
  /** Since when it is so, epoch ms; null where there was no such moment. */
  since: number | null;
}

export interface Health {
  light: Light;
  /** All that apply, the worst first; none for green. */
  reasons: HealthReason[];
}

interface Rule {
  code: HealthReasonCode;
  light: Light;
  applies: (state: HealthState, watch: Watch) => boolean;
  describe: (state: HealthState, watch: Watch) => string;
  since: (state: HealthState) => number | null;
}

/** In the order of the lights, so that the first that applies decides. */
const RULES: readonly Rule[] = [
  {
    code: 'overdue',
    light: 'red',
    applies: isSilent,
    describe: describeSilence,
    since: ({ last_beat_at }) => last_beat_at,
  },
  {
    code: 'status_error',
    light: 'red',
    applies: (state) => saysStatus(state, 'error'),
    describe: describeStatus,
    since: ({ status_since }) => status_since,
  },
  {
    code: 'open_errors',
    light: 'red',
    applies: (state) => countUnacknowledged(state) > 0,
    describe: (state) => describeWorst(state, countUnacknowledged(state), 'unacknowledged error'),
    since: ({ worst_since }) => worst_since,
  },
  {
    code: 'status_degraded',
    light: 'yellow',
    applies: (state) => saysStatus(state, 'degraded'),
    describe: describeStatus,
    since: ({ status_since }) => status_since,
  },
  {
    code: 'status_stopped',
    light: 'yellow',
    applies: isStopped,
    describe: describeStatus,
    since: ({ status_since }) => status_since,
  },
  {
    code: 'acknowledged_errors',
    light: 'yellow',
    applies: ({ acknowledged_errors }) => acknowledged_errors > 0,
    describe: describeAcknowledged,
    since: (state) => (countUnacknowledged(state) > 0 ? null : state.worst_since),
  },
  {
    code: 'open_warnings',
    light: 'yellow',
    applies: hasOpenWarning,
    describe: describeWarnings,
    since: (state) => (state.open_errors > 0 ? null : state.worst_since),
  },
  {
    code: 'two_senders',
    light: 'yellow',
    applies: hasTwoSenders,
    describe: () => 'two senders use this path',
    since: ({ two_senders_at }) => two_senders_at,
  },
  {
    code: 'no_heartbeat',
    light: 'grey',
    applies: ({ last_beat_at }) => last_beat_at === null,
    describe: () => 'no heartbeat yet',
    since: () => null,
  },
];

/** Returns the light alone: what a scan over the whole fleet asks for. */
export function judgeLight(state: HealthState, watch: Watch): Light {
  for (const rule of RULES) if (rule.applies(state, watch)) return rule.light;
  return 'green';
}

/** Returns the light of an instance and all its reasons in words. */
export function judgeHealth(state: HealthState, watch: Watch): Health {
  const rules = RULES.filter((rule) => rule.applies(state, watch));
  const light = rules[0]?.light ?? 'green';
  const told = light === 'grey' ? rules : rules.filter((rule) => rule.light !== 'grey');
  const reasons = told.map(({ code, describe, since }) => ({
    code,
    text: describe(state, watch),
    since: since(state),
  }));
  return { light, reasons };
}

/** Returns the overdue limit of an instance in milliseconds. */
export function findOverdueLimit(
  limits: OverdueLimits,
  { overdueAfterMs }: Pick<Watch, 'overdueAfterMs'>,
): number {
  return (
    limits.overdue_after_ms ??
    limits.machine_overdue_after_ms ??
    limits.customer_overdue_after_ms ??
    overdueAfterMs
  );
}

/** Returns whether the word of the device is one that health knows as bad, so that its message is told. */
export function isBadStatus(state: Pick<HealthState, 'status'>): boolean {
  return ['error', 'degraded', 'stopped'].some((word) => saysStatus(state, word));
}

function isSilent(state: HealthState, watch: Watch): boolean {
  const { last_beat_at } = state;
  if (last_beat_at === null || isStopped(state)) return false;
  return isOverdue(last_beat_at, findOverdueLimit(state, watch), watch);
}

/** Said before a heartbeat opened a new up episode, it is overtaken: the device runs again. */
function isStopped(state: HealthState): boolean {
  if (!saysStatus(state, 'stopped')) return false;
  return state.up_since === null || (state.status_last_at ?? 0) >= state.up_since;
}

function saysStatus({ status }: Pick<HealthState, 'status'>, word: string): boolean {
  return status !== null && (status === word || status.trim().toLowerCase() === word);
}

function countUnacknowledged({ open_errors, acknowledged_errors }: HealthState): number {
  return open_errors - acknowledged_errors;
}

/** Returns whether any warning is left that was repeated within 24 hours. */
export function hasOpenWarning(
  { open_warnings, newest_warning_at }: Pick<HealthState, 'open_warnings' | 'newest_warning_at'>,
  { nowMs }: Pick<Watch, 'nowMs'>,
): boolean {
  if (open_warnings === 0 || newest_warning_at === null) return false;
  return !isExpiredWarning({ severity: 1, last_at: newest_warning_at }, nowMs);
}

function hasTwoSenders({ two_senders_at }: HealthState, { nowMs }: Watch): boolean {
  return two_senders_at !== null && nowMs - two_senders_at <= TWO_SENDERS_END_AFTER_MS;
}

function describeSilence(state: HealthState, watch: Watch): string {
  const silence = formatDuration(measureSilenceMs(state.last_beat_at ?? 0, watch));
  return `no heartbeat for ${silence} (limit ${formatDuration(findOverdueLimit(state, watch))})`;
}

function describeStatus({ status, status_message }: HealthState): string {
  const word = `status ${status?.trim()}`;
  return status_message ? `${word}: ${status_message}` : word;
}

function describeAcknowledged(state: HealthState): string {
  const { acknowledged_errors: count } = state;
  const noun = 'acknowledged error';
  return countUnacknowledged(state) > 0
    ? countNoun(count, noun)
    : describeWorst(state, count, noun);
}

function describeWarnings(state: HealthState): string {
  const { open_warnings: count } = state;
  return state.open_errors > 0
    ? countNoun(count, 'warning')
    : describeWorst(state, count, 'warning');
}

function describeWorst({ worst_code, worst_text }: HealthState, count: number, noun: string) {
  return `${countNoun(count, noun)}: ${worst_code} ${worst_text}`;
}
