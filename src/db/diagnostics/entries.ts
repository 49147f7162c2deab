import { isExpiredWarning } from '../../domain/diagnostics/summary.ts';
import { WARNING_ENDS_AFTER_MS } from '../../domain/time/episodes.ts';
import type { Diagnostic } from '../schema.ts';

/** An episode of a diagnostic, open or closed; or the last word on a code, where that was severity 0. */
export interface DiagnosticRow extends Diagnostic {
  /** Null while it is open, as is `closed_by`. */
  closed_at: number | null;
  closed_by: string | null;
  /** Above 1 where flapping merged several, of which it shows the last. */
  episodes: number;
}

/** The row as it is shown. */
export interface DiagnosticEntry extends Omit<DiagnosticRow, 'context'> {
  /** What the device sent along, as JSON means it. */
  context: unknown;
}

/**
 * What identifies an episode. The severity too: the last word on a code, once an operator has closed
 * it, may have begun with the episode itself.
 */
export const EPISODE = [
  'customer',
  'machine',
  'software',
  'code',
  'module',
  'opened_at',
  'severity',
] as const satisfies readonly (keyof Diagnostic)[];

export type EpisodeKey = Pick<Diagnostic, (typeof EPISODE)[number]>;

/** Returns the row as it is shown. */
export function toDiagnosticEntry(row: DiagnosticRow): DiagnosticEntry {
  const { customer, machine, software, code, module, severity, message, context } = row;
  const { count, opened_at, last_at, closed_at, closed_by, episodes } = row;
  const { acknowledged_at, acknowledged_by, note } = row;
  return {
    ...{ customer, machine, software, code, module, severity, message },
    context: context === null ? null : JSON.parse(context),
    ...{ count, opened_at, last_at, closed_at, closed_by },
    ...{ acknowledged_at, acknowledged_by, note, episodes },
  };
}

/** Returns the last word on a code as an episode that nothing has closed. */
export function toUnclosed(row: Diagnostic): DiagnosticRow {
  return { ...row, closed_at: null, closed_by: null, episodes: 1 };
}

/** Returns the last word on a code as it is shown; a warning that ended of itself as closed. */
export function toCurrentEntry(row: Diagnostic, nowMs: number): DiagnosticEntry {
  const unclosed = toUnclosed(row);
  if (!isExpiredWarning(row, nowMs)) return toDiagnosticEntry(unclosed);
  const closed_at = row.last_at + WARNING_ENDS_AFTER_MS;
  return toDiagnosticEntry({ ...unclosed, closed_at, closed_by: 'expiry' });
}

/** Returns an episode's key as one text. */
export function encodeEpisode(key: EpisodeKey): string {
  return JSON.stringify(EPISODE.map((name) => key[name]));
}

/** Returns the key in a text that `encodeEpisode` made. */
export function decodeEpisode(text: string): EpisodeKey {
  const parts: unknown[] = JSON.parse(text);
  return Object.fromEntries(EPISODE.map((name, at) => [name, parts[at]])) as unknown as EpisodeKey;
}
