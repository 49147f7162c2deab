import type { Kysely } from 'kysely';
import type { Uptime } from '../../domain/history/uptime.ts';
import type { DiagnosticEntry } from '../diagnostics/entries.ts';
import { readDiagnostics } from '../diagnostics/of-instance.ts';
import { readWatch } from '../health/watch.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';
import { readOpenEpisodes } from './open.ts';
import { listStatuses, type StatusEntry } from './statuses.ts';
import { MOST_LISTED, readUptime } from './uptime.ts';

/** What is known of an instance over time; each list newest first. */
export interface InstanceHistory extends Uptime {
  statuses: StatusEntry[];
  /** All that are open, the worst first. */
  diagnostics: DiagnosticEntry[];
  closed_diagnostics: DiagnosticEntry[];
}

/** Returns the history of an instance up to `nowMs`; undefined where there is no such instance. */
export async function readInstanceHistory(
  db: Kysely<Database>,
  path: PathKey,
  { nowMs, limit = MOST_LISTED }: { nowMs: number; limit?: number },
): Promise<InstanceHistory | undefined> {
  const [open] = await readOpenEpisodes(db, path);
  if (!open) return undefined;
  const watch = await readWatch(db, nowMs);
  const { open: diagnostics, closed } = await readDiagnostics(db, path, { nowMs, limit });
  return {
    ...(await readUptime(db, open, { watch, limit })),
    statuses: await listStatuses(db, open, limit),
    diagnostics,
    closed_diagnostics: closed,
  };
}
