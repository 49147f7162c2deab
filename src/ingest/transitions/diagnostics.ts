/**
 * Diagnostic episodes: the same code, module and severity. One row says the last word on each code
 * and module; with severity 0 it is not open. Items of one message apply in order.
 */
import type { Diagnostic, Instance } from '../../db/schema.ts';
import { isExpiredWarning, summarizeDiagnostics } from '../../domain/diagnostic-summary.ts';
import { WARNING_ENDS_AFTER_MS } from '../../domain/episodes.ts';
import type { DiagnosticItem, Diagnostics } from '../../protocol/messages.ts';
import { undoClockStepOf } from './clock-step.ts';
import { countClosing } from './flapping.ts';
import type { Receipt } from './receipt.ts';
import { type Change, type HistoryEntry, type InstanceState, pathOf } from './state.ts';

/** How many rows that are not open an instance may leave behind before the oldest make room. */
export const KEPT_INFORMATIONAL = 200;

const NOT_ACKNOWLEDGED = { acknowledged_at: null, acknowledged_by: null, note: null } as const;

/** Applies the items to their instance; the caller judges the bound on open diagnostics. */
export function applyDiagnostics(
  state: InstanceState,
  message: Diagnostics,
  receipt: Receipt,
): Change {
  const sheet = new Sheet(state, receipt);
  sheet.closeExpiredWarnings();
  for (const item of message.items) sheet.apply(item);
  return sheet.finish();
}

/** The key of a diagnostic within its instance. */
export function diagnosticKey({ code, module }: { code: number; module: string }): string {
  return `${code} ${module}`;
}

/** The working copy of one message's way through the diagnostics of its instance. */
class Sheet {
  readonly #state: InstanceState;
  readonly #receipt: Receipt;
  readonly #diagnostics = new Map<string, Diagnostic>();
  readonly #history: HistoryEntry[] = [];
  #row: Instance;

  constructor(state: InstanceState, receipt: Receipt) {
    this.#state = state;
    this.#receipt = receipt;
    this.#row = state.row;
    for (const row of state.diagnostics.values()) this.#put(undoClockStepOf(row, receipt));
  }

  closeExpiredWarnings(): void {
    const expired = this.#list((each) => isExpiredWarning(each, this.#receipt.atMs));
    for (const warning of expired.sort(compareAge)) {
      const atMs = warning.last_at + WARNING_ENDS_AFTER_MS;
      this.#close(warning, { by: 'expiry', atMs });
      this.#put({ ...warning, ...NOT_ACKNOWLEDGED, severity: 0, opened_at: atMs, last_at: atMs });
    }
  }

  apply(item: DiagnosticItem): void {
    const known = this.#diagnostics.get(diagnosticKey(item));
    if (this.#isPast(known)) this.#recall(item, known);
    else if (known && known.severity === item.severity) this.#put(this.#repeat(known, item));
    else this.#replace(item, known);
  }

  finish(): Change {
    this.#makeRoom();
    const newestMs = Math.max(this.#receipt.atMs, this.#row.newest_at);
    const row = { ...this.#row, ...summarizeDiagnostics(this.#diagnostics.values(), newestMs) };
    const state = { ...this.#state, row, diagnostics: this.#diagnostics };
    return { state, history: this.#history };
  }

  #isPast(known: Diagnostic | undefined): boolean {
    const { atMs, isLate } = this.#receipt;
    return (known !== undefined && atMs < known.last_at) || (isLate && atMs < this.#row.newest_at);
  }

  #recall(item: DiagnosticItem, known: Diagnostic | undefined): void {
    const { atMs } = this.#receipt;
    if (known?.severity === item.severity && atMs >= known.opened_at) {
      this.#put({ ...known, count: known.count + 1 });
    } else if (item.severity > 0) {
      const openSince = known && known.severity > 0 ? known.opened_at : null;
      this.#history.push({ kind: 'diagnostic', path: pathOf(this.#row), atMs, item, openSince });
    }
  }

  #repeat(known: Diagnostic, item: DiagnosticItem): Diagnostic {
    const { message, context } = item;
    return { ...known, message, context, count: known.count + 1, last_at: this.#receipt.atMs };
  }

  #replace(item: DiagnosticItem, known: Diagnostic | undefined): void {
    const { atMs } = this.#receipt;
    const open = known && known.severity > 0 ? known : null;
    if (open) this.#close(open, { by: item.severity === 0 ? 'device' : 'severity', atMs });
    // An acknowledgement outlives a falling severity, not a rising one.
    const isFalling = open !== null && item.severity > 0 && item.severity < open.severity;
    this.#put({
      ...pathOf(this.#row),
      ...(isFalling ? open : NOT_ACKNOWLEDGED),
      ...item,
      count: 1,
      opened_at: atMs,
      last_at: atMs,
    });
  }

  #close(diagnostic: Diagnostic, { by, atMs }: { by: string; atMs: number }): void {
    const { row, foldFrom } = countClosing(this.#row, 'diagnostic', atMs);
    this.#row = row;
    const episode = { ...diagnostic, closed_at: atMs, closed_by: by, episodes: 1 };
    this.#history.push({ kind: 'diagnostic', episode, foldFrom });
  }

  /** Codes and modules are free words of the device; those that are not open must not pile up. */
  #makeRoom(): void {
    const informational = this.#list((each) => each.severity === 0);
    const tooMany = informational.length - KEPT_INFORMATIONAL;
    if (tooMany <= 0) return;
    for (const oldest of informational.sort(compareAge).slice(0, tooMany)) {
      this.#diagnostics.delete(diagnosticKey(oldest));
    }
  }

  #list(isWanted: (diagnostic: Diagnostic) => boolean): Diagnostic[] {
    return [...this.#diagnostics.values()].filter(isWanted);
  }

  #put(diagnostic: Diagnostic): void {
    this.#diagnostics.set(diagnosticKey(diagnostic), diagnostic);
  }
}

/** The oldest word first; a total order, so that it does not depend on how the rows were read. */
function compareAge(one: Diagnostic, two: Diagnostic): number {
  if (one.last_at !== two.last_at) return one.last_at - two.last_at;
  if (one.code !== two.code) return one.code - two.code;
  return one.module < two.module ? -1 : 1;
}
