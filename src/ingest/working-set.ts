/** The instances of one batch: loaded once, changed in memory message by message, written once. */
import type { Transaction } from 'kysely';
import {
  isBeatOnly,
  lockInstances,
  readDiagnostics,
  readStatusDetails,
  saveChangedRows,
} from '../db/ingest/rows.ts';
import type { Database, Diagnostic, Instance, Machine } from '../db/schema.ts';
import type { MessageKind } from '../protocol/messages.ts';
import { writeHistory } from './history.ts';
import type { InstanceCache } from './instance-cache.ts';
import { diagnosticKey } from './transitions/diagnostics.ts';
import {
  type Change,
  type HistoryEntry,
  type InstanceState,
  type Path,
  pathKey,
  startState,
} from './transitions/state.ts';

export interface Wanted {
  path: Path;
  kind: MessageKind;
}

export class WorkingSet {
  readonly #states = new Map<string, InstanceState>();
  readonly #loaded = new Map<string, InstanceState>();
  readonly #history: HistoryEntry[] = [];

  /** Loads (and on PostgreSQL locks) the instances that the messages speak of. */
  static async load(
    trx: Transaction<Database>,
    wanted: readonly Wanted[],
    cache: InstanceCache | null,
  ): Promise<WorkingSet> {
    await cache?.renew(trx);
    const set = new WorkingSet();
    const rows = await lockInstances(trx, set.#takeCached(uniquePaths(wanted), cache));
    for (const row of rows) set.#states.set(pathKey(row), startState(row));
    await set.#loadDetails(trx, wanted);
    for (const [key, state] of set.#states) set.#loaded.set(key, state);
    return set;
  }

  get(path: Path): InstanceState | undefined {
    return this.#states.get(pathKey(path));
  }

  take(change: Change): void {
    this.#states.set(pathKey(change.state.row), change.state);
    this.#history.push(...change.history);
  }

  /** Writes what changed, the new machines first; a batch of duplicates writes nothing. */
  async save(trx: Transaction<Database>, machines: readonly Machine[]): Promise<void> {
    const states = [...this.#states]
      .filter(([key, state]) => state !== this.#loaded.get(key))
      .sort(byKey)
      .map(([, state]) => state);
    await saveChangedRows(trx, {
      machines,
      ...this.#sortByChange(states),
      hosts: states.flatMap((state) => state.host ?? []),
      statusDetails: states
        .filter(this.#hasNewStatusDetail)
        .flatMap((each) => each.statusDetail ?? []),
      ...this.#listChangedDiagnostics(states),
    });
    await writeHistory(trx, this.#history);
  }

  /** Keeps the instances for the next batch; once the transaction has committed. */
  remember(cache: InstanceCache): void {
    for (const [key, { row }] of this.#states) cache.put(key, row);
  }

  /** Returns the paths that are not in the cache. */
  #takeCached(paths: ReadonlyMap<string, Path>, cache: InstanceCache | null): Path[] {
    if (cache === null) return [...paths.values()];
    const missing: Path[] = [];
    for (const [key, path] of paths) {
      const row = cache.get(key);
      if (row) this.#states.set(key, startState(row));
      else missing.push(path);
    }
    return missing;
  }

  async #loadDetails(trx: Transaction<Database>, wanted: readonly Wanted[]): Promise<void> {
    const isKnown = ({ path }: Wanted) => this.#states.has(pathKey(path));
    const of = (kind: MessageKind) => [
      ...uniquePaths(wanted.filter((each) => each.kind === kind && isKnown(each))).values(),
    ];
    for (const detail of await readStatusDetails(trx, of('status'))) {
      this.#update(detail, { statusDetail: detail });
    }
    for (const [key, diagnostics] of groupDiagnostics(
      await readDiagnostics(trx, of('diagnostics')),
    )) {
      const state = this.#states.get(key);
      if (state) this.#states.set(key, { ...state, diagnostics });
    }
  }

  #update(path: Path, details: Partial<InstanceState>): void {
    const state = this.get(path);
    if (state) this.#states.set(pathKey(path), { ...state, ...details });
  }

  readonly #hasNewStatusDetail = (state: InstanceState): boolean =>
    state.statusDetail !== this.#loaded.get(pathKey(state.row))?.statusDetail;

  #sortByChange(states: readonly InstanceState[]) {
    const instances: Instance[] = [];
    const beats: Instance[] = [];
    for (const { row } of states) {
      const before = this.#loaded.get(pathKey(row))?.row;
      (before && isBeatOnly(before, row) ? beats : instances).push(row);
    }
    return { instances, beats };
  }

  #listChangedDiagnostics(states: readonly InstanceState[]) {
    const diagnostics: Diagnostic[] = [];
    const forgottenDiagnostics: Diagnostic[] = [];
    for (const state of states) {
      const loaded = this.#loaded.get(pathKey(state.row))?.diagnostics ?? new Map();
      if (loaded === state.diagnostics) continue;
      for (const [key, row] of state.diagnostics)
        if (row !== loaded.get(key)) diagnostics.push(row);
      for (const [key, row] of loaded)
        if (!state.diagnostics.has(key)) forgottenDiagnostics.push(row);
    }
    return { diagnostics, forgottenDiagnostics };
  }
}

function uniquePaths(wanted: readonly Wanted[]): Map<string, Path> {
  return new Map(wanted.map(({ path }) => [pathKey(path), path]));
}

function groupDiagnostics(rows: readonly Diagnostic[]): Map<string, Map<string, Diagnostic>> {
  const groups = new Map<string, Map<string, Diagnostic>>();
  for (const row of rows) {
    const group = groups.get(pathKey(row)) ?? new Map<string, Diagnostic>();
    groups.set(pathKey(row), group.set(diagnosticKey(row), row));
  }
  return groups;
}

/** In key order: nodes that write the same rows then never wait for each other in a circle. */
function byKey([one]: [string, unknown], [two]: [string, unknown]): number {
  return one < two ? -1 : 1;
}
