/** What an operator does with an open diagnostic: to acknowledge it, or to close it. */
import { type DiagnosticRow, toUnclosed } from '../../db/diagnostics/entries.ts';
import type { Diagnostic } from '../../db/schema.ts';
import { DiagnosticSheet, NOT_ACKNOWLEDGED } from './diagnostic-sheet.ts';
import type { Change, InstanceState } from './state.ts';

/** Who acts, and when. */
export interface Act {
  by: string;
  atMs: number;
  /** Why; null where nothing is said. */
  note: string | null;
}

/** What an act does, and the diagnostic as it is after it. */
export interface Acted extends Change {
  diagnostic: DiagnosticRow;
}

/**
 * Acknowledges an open diagnostic. An acknowledgement stands, and the state is the same one, unless
 * another note is given: who, when and note are one statement, and the latest counts.
 */
export function acknowledge(state: InstanceState, open: Diagnostic, act: Act): Acted {
  const signed = sign(open, act);
  const diagnostic = toUnclosed(signed);
  if (signed === open) return { state, history: [], diagnostic };
  const sheet = new DiagnosticSheet(state);
  sheet.put(signed);
  return { ...sheet.finish(state.row.newest_at), diagnostic };
}

/** Closes an open diagnostic; the history says who acknowledged it, and that is whoever closes it where nobody had. */
export function close(state: InstanceState, open: Diagnostic, act: Act): Acted {
  const { last_at } = open;
  const sheet = new DiagnosticSheet(state);
  const atMs = Math.max(act.atMs, last_at);
  const diagnostic = sheet.close(sign(open, act), { by: 'operator', atMs });
  // The last word stays the last one known of the device: whatever it says afterwards opens the
  // diagnostic again, also what was under way meanwhile, or where the operator's clock is ahead.
  sheet.put({ ...open, ...NOT_ACKNOWLEDGED, severity: 0, opened_at: last_at });
  return { ...sheet.finish(state.row.newest_at), diagnostic };
}

function sign(open: Diagnostic, { by, atMs, note }: Act): Diagnostic {
  const stands = open.acknowledged_at !== null && (note === null || note === open.note);
  return stands ? open : { ...open, acknowledged_at: atMs, acknowledged_by: by, note };
}
