import type { Diagnostic, DiagnosticEpisode, Instance } from '../../db/schema.ts';
import { summarizeDiagnostics } from '../../domain/diagnostics/summary.ts';
import { countClosing } from './flapping.ts';
import type { Change, HistoryEntry, InstanceState } from './state.ts';

/** How many rows that are not open an instance may leave behind before the oldest make room. */
export const KEPT_INFORMATIONAL = 200;

/** The columns of an acknowledgement where there is none. */
export const NOT_ACKNOWLEDGED = {
  acknowledged_at: null,
  acknowledged_by: null,
  note: null,
} as const;

/** The device closed it, its severity changed, it was not repeated, or an operator closed it. */
export type ClosedBy = 'device' | 'severity' | 'expiry' | 'operator';

/** The key of a diagnostic within its instance. */
export function diagnosticKey({ code, module }: { code: number; module: string }): string {
  return `${code} ${module}`;
}

/** The diagnostics of one instance while a message or an operator changes them. */
export class DiagnosticSheet {
  readonly #state: InstanceState;
  readonly #diagnostics = new Map<string, Diagnostic>();
  readonly #history: HistoryEntry[] = [];
  #row: Instance;

  constructor(state: InstanceState) {
    this.#state = state;
    this.#row = state.row;
    for (const row of state.diagnostics.values()) this.put(row);
  }

  find(key: { code: number; module: string }): Diagnostic | undefined {
    return this.#diagnostics.get(diagnosticKey(key));
  }

  /** Those that are wanted, the oldest word first. */
  list(isWanted: (diagnostic: Diagnostic) => boolean): Diagnostic[] {
    return [...this.#diagnostics.values()].filter(isWanted).sort(compareAge);
  }

  put(diagnostic: Diagnostic): void {
    this.#diagnostics.set(diagnosticKey(diagnostic), diagnostic);
  }

  /** Puts the episode into the history and returns it; what stands in its place is for `put` to say. */
  close(diagnostic: Diagnostic, { by, atMs }: { by: ClosedBy; atMs: number }): DiagnosticEpisode {
    const { row, foldFrom } = countClosing(this.#row, 'diagnostic', atMs);
    this.#row = row;
    const episode = { ...diagnostic, closed_at: atMs, closed_by: by, episodes: 1 };
    this.remember({ kind: 'diagnostic', episode, foldFrom });
    return episode;
  }

  remember(entry: HistoryEntry): void {
    this.#history.push(entry);
  }

  /** The state with what was changed, its counts as of this instant. */
  finish(atMs: number): Change {
    this.#makeRoom();
    const row = { ...this.#row, ...summarizeDiagnostics(this.#diagnostics.values(), atMs) };
    const state = { ...this.#state, row, diagnostics: this.#diagnostics };
    return { state, history: this.#history };
  }

  /** Codes and modules are free words of the device; those that are not open must not pile up. */
  #makeRoom(): void {
    // Nearly always there is room, which can be told without sorting.
    if (this.#diagnostics.size <= KEPT_INFORMATIONAL) return;
    const informational = this.list(({ severity }) => severity === 0);
    const tooMany = Math.max(informational.length - KEPT_INFORMATIONAL, 0);
    for (const oldest of informational.slice(0, tooMany)) {
      this.#diagnostics.delete(diagnosticKey(oldest));
    }
  }
}

/** A total order, so that it does not depend on how the rows were read. */
function compareAge(one: Diagnostic, two: Diagnostic): number {
  if (one.last_at !== two.last_at) return one.last_at - two.last_at;
  if (one.code !== two.code) return one.code - two.code;
  return one.module < two.module ? -1 : 1;
}
