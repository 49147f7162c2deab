/** The diagnostics of one instance: those that are open, and those that were. */
import type { Kysely } from 'kysely';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';
import { type DiagnosticEntry, toDiagnosticEntry } from './entries.ts';
import { selectClosed, selectCurrent } from './sources.ts';

export interface InstanceDiagnostics {
  /** The worst first, as in every list. */
  open: DiagnosticEntry[];
  /** Of those that opened last, the ones that closed last first. */
  closed: DiagnosticEntry[];
}

/**
 * Returns all open diagnostics of an instance and the newest closed ones, up to `limit`. A warning
 * that was not repeated for a day is among the closed, although the device has not spoken since.
 */
export async function readDiagnostics(
  db: Kysely<Database>,
  { customer, machine, software }: PathKey,
  { nowMs, limit }: { nowMs: number; limit: number },
): Promise<InstanceDiagnostics> {
  const path = { customer, machine, software };
  const filter = { ...path, includeClosed: true, includeDeactivated: true, nowMs };
  const current = await selectCurrent(db, filter)
    .orderBy('rank', 'desc')
    .orderBy('at', 'desc')
    .orderBy('d.code', 'desc')
    .orderBy('d.module', 'desc')
    .execute();
  // By when they opened, as the key has them: an index by their closing would cost every message.
  const history = await selectClosed(db, filter)
    .orderBy('d.opened_at', 'desc')
    .orderBy('d.code', 'desc')
    .orderBy('d.module', 'desc')
    .limit(limit)
    .execute();
  const { open = [], closed = [] } = Object.groupBy(
    [...current, ...history].map(toDiagnosticEntry),
    ({ closed_at }) => (closed_at === null ? 'open' : 'closed'),
  );
  closed.sort((one, two) => (two.closed_at ?? 0) - (one.closed_at ?? 0));
  return { open, closed: closed.slice(0, limit) };
}
