/**
 * Diagnostic episodes: the same code, module and severity. One row says the last word on each code
 * and module; with severity 0 it is not open. Items of one message apply in order.
 */
import type { Diagnostic, DiagnosticEpisode, Instance } from '../../db/schema.ts';
import type { DiagnosticItem, Diagnostics } from '../../protocol/messages.ts';
import { countClosing } from './flapping.ts';
import type { Receipt } from './receipt.ts';
import { type Change, type InstanceState, type LateFact, pathOf } from './state.ts';
import { isExpiredWarning, summarizeDiagnostics } from './worst.ts';

/** How many informational rows an instance may leave behind before the oldest makes room. */
export const KEPT_INFORMATIONAL = 200;

/** Applies the items to their instance; the caller has checked the bound on open diagnostics. */
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

/** How many diagnostics would be open after the items, to hold against the bound. */
export function countOpenAfter(state: InstanceState, items: readonly DiagnosticItem[]): number {
  const open = new Set<string>();
  for (const [key, diagnostic] of state.diagnostics) if (diagnostic.severity > 0) open.add(key);
  for (const item of items) {
    if (item.severity > 0) open.add(diagnosticKey(item));
    else open.delete(diagnosticKey(item));
  }
  return open.size;
}

/** The working copy of one message's way through the diagnostics of its instance. */
class Sheet {
  readonly #state: InstanceState;
  readonly #receipt: Receipt;
  readonly #diagnostics: Map<string, Diagnostic>;
  readonly #closings: Change['closings'] = [];
  readonly #late: LateFact[] = [];
  #row: Instance;

  constructor(state: InstanceState, receipt: Receipt) {
    this.#state = state;
    this.#receipt = receipt;
    this.#row = state.row;
    this.#diagnostics = new Map(state.diagnostics);
  }

  closeExpiredWarnings(): void {
    for (const diagnostic of this.#diagnostics.values()) {
      if (!isExpiredWarning(diagnostic, this.#receipt.atMs)) continue;
      this.#close(diagnostic, 'expiry');
      this.#put({ ...diagnostic, severity: 0, opened_at: diagnostic.last_at });
    }
  }

  apply(item: DiagnosticItem): void {
    const known = this.#diagnostics.get(diagnosticKey(item));
    if (this.#isPast(known)) this.#recall(item, known);
    else if (known && known.severity === item.severity) this.#put(this.#repeat(known, item));
    else this.#replace(item, known);
  }

  finish(): Change {
    const row = {
      ...this.#row,
      ...summarizeDiagnostics(this.#diagnostics.values(), this.#receipt.atMs),
    };
    return {
      state: { ...this.#state, row, diagnostics: this.#diagnostics },
      closings: this.#closings,
      late: this.#late,
    };
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
      this.#late.push({ kind: 'diagnostic', path: pathOf(this.#row), atMs, item });
    }
  }

  #repeat(known: Diagnostic, item: DiagnosticItem): Diagnostic {
    const { message, context } = item;
    return { ...known, message, context, count: known.count + 1, last_at: this.#receipt.atMs };
  }

  #replace(item: DiagnosticItem, known: Diagnostic | undefined): void {
    const isOpen = known !== undefined && known.severity > 0;
    if (isOpen) this.#close(known, item.severity === 0 ? 'device' : 'severity');
    if (item.severity === 0) this.#makeRoom(known);
    // An acknowledgement outlives a falling severity, not a rising one.
    const keeps = isOpen && item.severity > 0 && item.severity < known.severity;
    this.#put({
      ...pathOf(this.#row),
      ...item,
      count: 1,
      opened_at: this.#receipt.atMs,
      last_at: this.#receipt.atMs,
      acknowledged_at: keeps ? known.acknowledged_at : null,
      acknowledged_by: keeps ? known.acknowledged_by : null,
      note: keeps ? known.note : null,
    });
  }

  #close(diagnostic: Diagnostic, by: string): void {
    const { row, foldFrom } = countClosing(this.#row, 'diagnostic', this.#receipt.atMs);
    this.#row = row;
    const episode = toEpisode(diagnostic, { by, atMs: this.#receipt.atMs });
    this.#closings.push({ kind: 'diagnostic', episode, foldFrom });
  }

  /** Informational codes that no error preceded are free words of the device; they must not pile up. */
  #makeRoom(known: Diagnostic | undefined): void {
    if (known) return;
    const informational = [...this.#diagnostics.values()].filter((each) => each.severity === 0);
    if (informational.length < KEPT_INFORMATIONAL) return;
    const oldest = informational.reduce((one, two) => (two.last_at < one.last_at ? two : one));
    this.#diagnostics.delete(diagnosticKey(oldest));
  }

  #put(diagnostic: Diagnostic): void {
    this.#diagnostics.set(diagnosticKey(diagnostic), diagnostic);
  }
}

function toEpisode(diagnostic: Diagnostic, end: { by: string; atMs: number }): DiagnosticEpisode {
  return { ...diagnostic, closed_at: end.atMs, closed_by: end.by, episodes: 1 };
}
