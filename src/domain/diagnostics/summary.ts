/** What the open diagnostics of an instance come to: health and bounds need no more of them. */
import { WARNING_ENDS_AFTER_MS } from '../time/episodes.ts';

const SHORT_TEXT_LENGTH = 120;

/** The last word on a code and module, as far as it matters here. */
export interface SummarizedDiagnostic {
  code: number;
  module: string;
  severity: number;
  message: string;
  opened_at: number;
  last_at: number;
  acknowledged_at: number | null;
}

export interface DiagnosticSummary {
  open_errors: number;
  acknowledged_errors: number;
  open_warnings: number;
  newest_warning_at: number | null;
  worst_severity: number;
  worst_code: number | null;
  worst_text: string | null;
  worst_since: number | null;
}

/** Whether an open warning was not repeated for 24 hours. */
export function isExpiredWarning(
  diagnostic: Pick<SummarizedDiagnostic, 'severity' | 'last_at'>,
  atMs: number,
): boolean {
  return diagnostic.severity === 1 && atMs - diagnostic.last_at > WARNING_ENDS_AFTER_MS;
}

/** Whether a diagnostic is open: told with a severity above 0, and no warning that has ended. */
export function isOpen(
  diagnostic: Pick<SummarizedDiagnostic, 'severity' | 'last_at'>,
  atMs: number,
): boolean {
  return diagnostic.severity > 0 && !isExpiredWarning(diagnostic, atMs);
}

/** How many diagnostics are open, to hold against the bound. */
export function countOpen(diagnostics: Iterable<SummarizedDiagnostic>, atMs: number): number {
  const { open_errors, open_warnings } = summarizeDiagnostics(diagnostics, atMs);
  return open_errors + open_warnings;
}

/** What the hot row keeps of the open diagnostics, so that health is one scan over instances. */
export function summarizeDiagnostics(
  diagnostics: Iterable<SummarizedDiagnostic>,
  atMs: number,
): DiagnosticSummary {
  const open = [...diagnostics].filter((each) => isOpen(each, atMs));
  const errors = open.filter((each) => each.severity === 2);
  const warnings = open.filter((each) => each.severity === 1);
  const acknowledged = errors.filter((each) => each.acknowledged_at !== null);
  const worst = open.reduce<SummarizedDiagnostic | null>(pickWorse, null);
  return {
    open_errors: errors.length,
    acknowledged_errors: acknowledged.length,
    open_warnings: warnings.length,
    newest_warning_at: warnings.reduce<number | null>(
      (newest, each) => Math.max(newest ?? 0, each.last_at),
      null,
    ),
    worst_severity: worst?.severity ?? 0,
    worst_code: worst?.code ?? null,
    worst_text: worst ? shorten(worst.message) : null,
    worst_since: worst?.opened_at ?? null,
  };
}

/** The unacknowledged before the acknowledged, the severe before the mild, then the older. */
function pickWorse(
  one: SummarizedDiagnostic | null,
  two: SummarizedDiagnostic,
): SummarizedDiagnostic {
  if (one === null) return two;
  const [first, second] = [one, two].map(rank);
  return (second ?? 0) > (first ?? 0) || (first === second && isBefore(two, one)) ? two : one;
}

function rank({ severity, acknowledged_at }: SummarizedDiagnostic): number {
  return severity * 2 + (acknowledged_at === null ? 1 : 0);
}

/** A total order, so that the worst does not depend on the order in which rows were read. */
function isBefore(one: SummarizedDiagnostic, two: SummarizedDiagnostic): boolean {
  if (one.opened_at !== two.opened_at) return one.opened_at < two.opened_at;
  return one.code === two.code ? one.module < two.module : one.code < two.code;
}

function shorten(text: string): string {
  return [...text.slice(0, SHORT_TEXT_LENGTH * 2)].slice(0, SHORT_TEXT_LENGTH).join('');
}
