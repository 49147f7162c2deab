/**
 * Diagnostic episodes: the same code, module and severity. One row says the last word on each code
 * and module; with severity 0 it is not open. Items of one message apply in order.
 */
import type { Diagnostic } from '../../db/schema.ts';
import { isExpiredWarning } from '../../domain/diagnostics/summary.ts';
import { WARNING_ENDS_AFTER_MS } from '../../domain/time/episodes.ts';
import type { DiagnosticItem, Diagnostics } from '../../protocol/messages.ts';
import { undoClockStepOf } from './clock-step.ts';
import { DiagnosticSheet, NOT_ACKNOWLEDGED } from './diagnostic-sheet.ts';
import type { Receipt } from './receipt.ts';
import { type Change, type InstanceState, pathOf } from './state.ts';

/** Applies the items to their instance; the caller judges the bound on open diagnostics. */
export function applyDiagnostics(
  state: InstanceState,
  message: Diagnostics,
  receipt: Receipt,
): Change {
  const told = new Telling(state, receipt);
  told.closeExpiredWarnings();
  for (const item of message.items) told.apply(item);
  return told.finish();
}

/** One message's way through the diagnostics of its instance. */
class Telling {
  readonly #row: InstanceState['row'];
  readonly #receipt: Receipt;
  readonly #sheet: DiagnosticSheet;

  constructor(state: InstanceState, receipt: Receipt) {
    this.#row = state.row;
    this.#receipt = receipt;
    this.#sheet = new DiagnosticSheet(state);
    for (const row of state.diagnostics.values()) this.#sheet.put(undoClockStepOf(row, receipt));
  }

  closeExpiredWarnings(): void {
    for (const warning of this.#sheet.list((each) => isExpiredWarning(each, this.#receipt.atMs))) {
      const atMs = warning.last_at + WARNING_ENDS_AFTER_MS;
      this.#sheet.close(warning, { by: 'expiry', atMs });
      const ended = { severity: 0, opened_at: atMs, last_at: atMs };
      this.#sheet.put({ ...warning, ...NOT_ACKNOWLEDGED, ...ended });
    }
  }

  apply(item: DiagnosticItem): void {
    const known = this.#sheet.find(item);
    if (this.#isPast(known)) this.#recall(item, known);
    else if (known && known.severity === item.severity) this.#repeat(known, item);
    else this.#replace(item, known);
  }

  finish(): Change {
    return this.#sheet.finish(Math.max(this.#receipt.atMs, this.#row.newest_at));
  }

  #isPast(known: Diagnostic | undefined): boolean {
    const { atMs, isLate } = this.#receipt;
    return (known !== undefined && atMs < known.last_at) || (isLate && atMs < this.#row.newest_at);
  }

  #recall(item: DiagnosticItem, known: Diagnostic | undefined): void {
    const { atMs } = this.#receipt;
    if (known?.severity === item.severity && atMs >= known.opened_at) {
      this.#sheet.put({ ...known, count: known.count + 1 });
    } else if (item.severity > 0) {
      const openSince = known && known.severity > 0 ? known.opened_at : null;
      this.#sheet.remember({ kind: 'diagnostic', path: pathOf(this.#row), atMs, item, openSince });
    }
  }

  #repeat(known: Diagnostic, { message, context }: DiagnosticItem): void {
    const count = known.count + 1;
    this.#sheet.put({ ...known, message, context, count, last_at: this.#receipt.atMs });
  }

  #replace(item: DiagnosticItem, known: Diagnostic | undefined): void {
    const { atMs } = this.#receipt;
    const open = known && known.severity > 0 ? known : null;
    if (open) this.#sheet.close(open, { by: item.severity === 0 ? 'device' : 'severity', atMs });
    // An acknowledgement outlives a falling severity, not a rising one.
    const isFalling = open !== null && item.severity > 0 && item.severity < open.severity;
    this.#sheet.put({
      ...pathOf(this.#row),
      ...(isFalling ? open : NOT_ACKNOWLEDGED),
      ...item,
      count: 1,
      opened_at: atMs,
      last_at: atMs,
    });
  }
}
