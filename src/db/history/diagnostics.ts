/** The diagnostics of an instance: those that are open, and those that were. */
import type { Kysely } from 'kysely';
import { isExpiredWarning } from '../../domain/diagnostic-summary.ts';
import { WARNING_ENDS_AFTER_MS } from '../../domain/episodes.ts';
import type { PathKey } from '../ingest/rows.ts';
import type { Database } from '../schema.ts';

/** A diagnostic episode as it is shown; instants in epoch ms. */
export interface DiagnosticEntry extends PathKey {
  code: number;
  /** `''` where the device named none. */
  module: string;
  severity: number;
  message: string;
  /** Whatever JSON the device sent along last. */
  context: unknown;
  count: number;
  opened_at: number;
  last_at: number;
  /** Null while it is open, as is `closed_by`. */
  closed_at: number | null;
  closed_by: string | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  note: string | null;
  /** Above 1 where flapping merged several episodes, of which it shows the last code. */
  episodes: number;
}

export interface DiagnosticEntries {
  /** The severe first, then those that opened last. */
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
  path: PathKey,
  { nowMs, limit }: { nowMs: number; limit: number },
): Promise<DiagnosticEntries> {
  const current = await readCurrent(db, path);
  const [expired, open] = [true, false].map((isWanted) =>
    current.filter((each) => isExpiredWarning(each, nowMs) === isWanted),
  ) as [DiagnosticEntry[], DiagnosticEntry[]];
  const closed = [...expired.map(expire), ...(await readClosed(db, path, limit))];
  return {
    open: open.sort((one, two) => two.severity - one.severity || two.opened_at - one.opened_at),
    closed: closed.sort((one, two) => (two.closed_at ?? 0) - (one.closed_at ?? 0)).slice(0, limit),
  };
}

async function readCurrent(db: Kysely<Database>, path: PathKey): Promise<DiagnosticEntry[]> {
  const rows = await db
    .selectFrom('diagnostic')
    .select(COLUMNS)
    .where('customer', '=', path.customer)
    .where('machine', '=', path.machine)
    .where('software', '=', path.software)
    .where('severity', '>', 0)
    .execute();
  return rows.map((row) => toEntry({ ...row, closed_at: null, closed_by: null, episodes: 1 }));
}

/** By when they opened, as the key has them: an index by their closing would cost every message. */
async function readClosed(
  db: Kysely<Database>,
  path: PathKey,
  limit: number,
): Promise<DiagnosticEntry[]> {
  const rows = await db
    .selectFrom('diagnostic_history')
    .select([...COLUMNS, 'closed_at', 'closed_by', 'episodes'])
    .where('customer', '=', path.customer)
    .where('machine', '=', path.machine)
    .where('software', '=', path.software)
    .orderBy('opened_at', 'desc')
    .orderBy('code', 'desc')
    .orderBy('module', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toEntry);
}

const COLUMNS = [
  'customer',
  'machine',
  'software',
  'code',
  'module',
  'severity',
  'message',
  'context',
  'count',
  'opened_at',
  'last_at',
  'acknowledged_at',
  'acknowledged_by',
  'note',
] as const;

type Row = Omit<DiagnosticEntry, 'context'> & { context: string | null };

function toEntry(row: Row): DiagnosticEntry {
  return { ...row, context: row.context === null ? null : JSON.parse(row.context) };
}

/** As the next message of the device will close it. */
function expire(warning: DiagnosticEntry): DiagnosticEntry {
  const closed_at = warning.last_at + WARNING_ENDS_AFTER_MS;
  return { ...warning, closed_at, closed_by: 'expiry' };
}
