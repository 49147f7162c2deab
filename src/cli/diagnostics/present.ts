import type { DiagnosticEntry } from '../../db/diagnostics/entries.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import type { DiagnosticJson } from '../schemas/diagnostic.ts';
import { toInstant } from '../time.ts';

/** Returns the diagnostic as JSON shows it. */
export function toDiagnosticJson(entry: DiagnosticEntry): DiagnosticJson {
  return {
    ...entry,
    opened_at: formatInstant(entry.opened_at),
    last_at: formatInstant(entry.last_at),
    closed_at: toInstant(entry.closed_at),
    acknowledged_at: toInstant(entry.acknowledged_at),
  };
}

/** Returns what has become of it, in a word; null where it was never open. */
export function describeState(
  entry: Pick<DiagnosticEntry, 'closed_at' | 'severity' | 'acknowledged_at' | 'acknowledged_by'>,
): string | null {
  if (entry.closed_at !== null) return 'closed';
  if (entry.severity === 0) return null;
  return entry.acknowledged_at === null ? 'open' : `acknowledged by ${entry.acknowledged_by}`;
}
