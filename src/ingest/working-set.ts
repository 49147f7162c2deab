/** The instances of one batch: loaded once, changed in memory message by message, written once. */
import type { Transaction } from 'kysely';
import { isBeatOnly } from '../db/ingest/beat.ts';
import {
  lockInstances,
  readDiagnostics,
  readStatusDetails,
  saveChangedRows,
} from '../db/ingest/rows.ts';
import type { Database, Diagnostic, Instance, InstanceStatus, Machine } from '../db/schema.ts';
import type { MessageKind } from '../protocol/messages.ts';
import { writeHistory } from './history.ts';
import type { InstanceCache } from './memory/instance-cache.ts';
import { diagnosticKey } from './transitions/diagnostic-sheet.ts';
import {
  type Change,
  type HistoryEntry,
  type InstanceState,
  type Path,
  pathKey,
  startState,
} from './transitions/state.ts';

/** Of which instance a message speaks, and what must be known of it. */
export interface Wanted {
  key: string;
  path: Path;
  message: { kind: MessageKind };
}

interface Entry {
  /** As it was loaded; null for an instance that is new. */
  before: InstanceState | null;
  state: InstanceState;
}

export class WorkingSet {
  readonly #entries = new Map<string, Entry>();
  readonly #history: HistoryEntry[] = [];

  /** Loads (and on PostgreSQL locks) the instances that the messages speak of. */
  static async load(
    trx: Transaction<Database>,
    wanted: readonly Wanted[],
    cache: InstanceCache | null,
  ): Promise<WorkingSet> {
    const set = new WorkingSet();
    const missing = set.#takeCached(wanted, cache);
    for (const row of await lockInstances(trx, missing)) set.#add(pathKey(row), row);
    await set.#loadDetails(trx, wanted);
    return set;
  }

  get(key: string): InstanceState | undefined {
    return this.#entries.get(key)?.state;
  }

  take(key: string, { state, history }: Change): void {
    const entry = this.#entries.get(key);
    if (entry) entry.state = state;
    else this.#entries.set(key, { before: null, state });
    for (const each of history) this.#history.push(each);
  }

  /** Writes what changed, the new machines first; a batch of duplicates writes nothing. */
  async save(trx: Transaction<Database>, machines: readonly Machine[]): Promise<void> {
    const changed = [...this.#entries]
      .filter(([, { before, state }]) => state !== before)
      .sort(byKey)
      .map(([, entry]) => entry);
    await saveChangedRows(trx, {
      machines,
      ...sortByChange(changed),
      hosts: changed.flatMap(({ state }) => state.host ?? []),
      statusDetails: changed.flatMap(listNewStatusDetail),
      ...listChangedDiagnostics(changed),
    });
    await writeHistory(trx, this.#history);
  }

  /** Keeps the instances for the next batch; once the transaction has committed. */
  remember(cache: InstanceCache): void {
    for (const [key, { state }] of this.#entries) cache.put(key, state.row);
  }

  /** Returns the paths that are not in the cache, each once. */
  #takeCached(wanted: readonly Wanted[], cache: InstanceCache | null): Path[] {
    const missing = new Map<string, Path>();
    for (const { key, path } of wanted) {
      if (this.#entries.has(key)) continue;
      const row = cache?.get(key);
      if (row) this.#add(key, row);
      else missing.set(key, path);
    }
    return [...missing.values()];
  }

  #add(key: string, row: Instance): void {
    const state = startState(row);
    this.#entries.set(key, { before: state, state });
  }

  async #loadDetails(trx: Transaction<Database>, wanted: readonly Wanted[]): Promise<void> {
    for (const detail of await readStatusDetails(trx, this.#listKnown(wanted, 'status'))) {
      this.#enrich(pathKey(detail), { statusDetail: detail });
    }
    const diagnostics = await readDiagnostics(trx, this.#listKnown(wanted, 'diagnostics'));
    for (const [key, group] of groupDiagnostics(diagnostics)) {
      this.#enrich(key, { diagnostics: group });
    }
  }

  #listKnown(wanted: readonly Wanted[], kind: MessageKind): Path[] {
    const paths = new Map<string, Path>();
    for (const { key, path, message } of wanted) {
      if (message.kind === kind && this.#entries.has(key)) paths.set(key, path);
    }
    return [...paths.values()];
  }

  #enrich(key: string, details: Partial<InstanceState>): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.state = { ...entry.state, ...details };
    entry.before = entry.state;
  }
}

function sortByChange(changed: readonly Entry[]) {
  const instances: Instance[] = [];
  const beats: Instance[] = [];
  for (const { before, state } of changed) {
    (before && isBeatOnly(before.row, state.row) ? beats : instances).push(state.row);
  }
  return { instances, beats };
}

function listNewStatusDetail({ before, state }: Entry): InstanceStatus[] {
  const { statusDetail } = state;
  return statusDetail === null || statusDetail === before?.statusDetail ? [] : [statusDetail];
}

const NONE: InstanceState['diagnostics'] = new Map();

function listChangedDiagnostics(changed: readonly Entry[]) {
  const diagnostics: Diagnostic[] = [];
  const forgottenDiagnostics: Diagnostic[] = [];
  for (const { before, state } of changed) {
    const known = before?.diagnostics ?? NONE;
    if (known === state.diagnostics) continue;
    for (const [key, row] of state.diagnostics) if (row !== known.get(key)) diagnostics.push(row);
    for (const [key, row] of known) if (!state.diagnostics.has(key)) forgottenDiagnostics.push(row);
  }
  return { diagnostics, forgottenDiagnostics };
}

function groupDiagnostics(rows: readonly Diagnostic[]): Map<string, Map<string, Diagnostic>> {
  const groups = new Map<string, Map<string, Diagnostic>>();
  for (const row of rows) {
    const group = groups.get(pathKey(row)) ?? new Map<string, Diagnostic>();
    groups.set(pathKey(row), group.set(diagnosticKey(row), row));
  }
  return groups;
}

/** In one order for all nodes. What is known is locked already, and what is new by the machine count. */
function byKey([one]: [string, unknown], [two]: [string, unknown]): number {
  return one < two ? -1 : 1;
}
