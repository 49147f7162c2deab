/**
 * What operators do with the diagnostics of an instance, each in one transaction and audited. The
 * instance is locked as a batch of ingest locks it, so that neither loses what the other did.
 */
import type { Transaction } from 'kysely';
import { appendAudit } from '../../db/audit.ts';
import type { Change } from '../../db/change.ts';
import {
  type DiagnosticEntry,
  type DiagnosticRow,
  toDiagnosticEntry,
} from '../../db/diagnostics/entries.ts';
import { explainMissingPath } from '../../db/paths.ts';
import type { Database } from '../../db/schema.ts';
import { readNote } from '../../domain/diagnostics/note.ts';
import { isOpen } from '../../domain/diagnostics/summary.ts';
import { type DiagnosticTarget, pickOpen } from '../../domain/diagnostics/target.ts';
import { acknowledge, close } from '../transitions/operator.ts';
import { type Path, pathKey } from '../transitions/state.ts';
import { WorkingSet } from '../working-set.ts';

export interface OperatorRequest extends DiagnosticTarget {
  path: Path;
  note?: string | undefined;
}

export interface OperatorResult {
  /** As it is now. */
  diagnostic: DiagnosticEntry;
  /** Whether anything changed by it. */
  changed: boolean;
}

const ACTIONS = { ack: acknowledge, close } as const;

type ActionName = keyof typeof ACTIONS;

/** Acknowledges an open diagnostic; where it is already, only another note changes it. Throws as `closeDiagnostic`. */
export async function acknowledgeDiagnostic(
  trx: Transaction<Database>,
  request: OperatorRequest,
  change: Change,
): Promise<OperatorResult> {
  return await act(trx, { ...request, action: 'ack' }, change);
}

/**
 * Closes an open diagnostic; its next report opens another, unacknowledged. Throws `not_found` where
 * there is none, `usage` where the code is open in several modules or the note is not as it must be.
 */
export async function closeDiagnostic(
  trx: Transaction<Database>,
  request: OperatorRequest,
  change: Change,
): Promise<OperatorResult> {
  return await act(trx, { ...request, action: 'close' }, change);
}

async function act(
  trx: Transaction<Database>,
  request: OperatorRequest & { action: ActionName },
  change: Change,
): Promise<OperatorResult> {
  const { path, action } = request;
  const { actor: by, nowMs: atMs } = change;
  const note = readNote(request.note);
  const key = pathKey(path);
  const set = await WorkingSet.load(trx, [{ key, path, message: { kind: 'diagnostics' } }], null);
  const state = set.get(key);
  if (!state) throw await explainMissingPath(trx, path);
  const open = [...state.diagnostics.values()].filter((each) => isOpen(each, atMs));
  const acted = ACTIONS[action](state, pickOpen(open, request, key), { by, atMs, note });
  const result = {
    diagnostic: toDiagnosticEntry(acted.diagnostic),
    changed: acted.state !== state,
  };
  if (!result.changed) return result;
  set.take(key, acted);
  await set.save(trx, []);
  await audit(trx, { path, action, note, diagnostic: acted.diagnostic }, change);
  return result;
}

interface Audited {
  path: Path;
  action: ActionName;
  note: string | null;
  diagnostic: DiagnosticRow;
}

async function audit(
  trx: Transaction<Database>,
  { path, action, note, diagnostic }: Audited,
  change: Change,
): Promise<void> {
  const { code, module, severity } = diagnostic;
  const detail = { code, module: module || undefined, severity, note: note ?? undefined };
  const entry = { customer: path.customer, subject: pathKey(path), detail };
  await appendAudit(trx, { action: `diagnostics ${action}`, ...entry }, change);
}
