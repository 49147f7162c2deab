/**
 * The history of one instance and kind, in memory: closed episodes come in, flapping hours are
 * merged, late messages are fitted in, each in its turn. In one place and in order, because what a
 * late message finds depends on what was closed before it, and must not on how messages were batched.
 */
import { diagnosticKey } from './diagnostic-sheet.ts';
import { FLAPPING_WINDOW_MS } from './flapping.ts';
import { foldDiagnostic, foldStatus, foldUp } from './fold.ts';
import {
  type Correction,
  type Neighbours,
  placeLateBeat,
  placeLateDiagnostic,
  placeLateStatus,
} from './late.ts';
import { SortedRows } from './sorted-rows.ts';
import type { Closing, EpisodeKind, HistoryEntry, LateFact } from './state.ts';

export type EpisodeOf<Kind extends EpisodeKind> = Extract<Closing, { kind: Kind }>['episode'];
type FactOf<Kind extends EpisodeKind> = Extract<LateFact, { kind: Kind }>;

/** What differs between the kinds of episodes. */
export interface Rules<Kind extends EpisodeKind> {
  keyOf: (episode: EpisodeOf<Kind>) => string;
  startOf: (episode: EpisodeOf<Kind>) => number;
  endOf: (episode: EpisodeOf<Kind>) => number;
  /** A late message has to do only with episodes of its own identity. */
  identityOf: (episode: EpisodeOf<Kind>) => string;
  identityOfFact: (fact: FactOf<Kind>) => string;
  fold: (one: EpisodeOf<Kind>, two: EpisodeOf<Kind>) => EpisodeOf<Kind>;
  place: (
    neighbours: Neighbours<EpisodeOf<Kind>>,
    fact: FactOf<Kind>,
  ) => Correction<EpisodeOf<Kind>>;
}

export const UP_RULES: Rules<'up'> = {
  keyOf: ({ started_at }) => String(started_at),
  startOf: ({ started_at }) => started_at,
  endOf: ({ ended_at }) => ended_at,
  identityOf: () => '',
  identityOfFact: () => '',
  fold: foldUp,
  place: placeLateBeat,
};

export const STATUS_RULES: Rules<'status'> = {
  keyOf: ({ started_at }) => String(started_at),
  startOf: ({ started_at }) => started_at,
  endOf: ({ ended_at }) => ended_at,
  identityOf: () => '',
  identityOfFact: () => '',
  fold: foldStatus,
  place: placeLateStatus,
};

export const DIAGNOSTIC_RULES: Rules<'diagnostic'> = {
  keyOf: ({ opened_at, code, module }) => `${opened_at} ${code} ${module}`,
  startOf: ({ opened_at }) => opened_at,
  endOf: ({ closed_at }) => closed_at,
  identityOf: diagnosticKey,
  identityOfFact: ({ item }) => diagnosticKey(item),
  fold: foldDiagnostic,
  place: placeLateDiagnostic,
};

/** Whether an entry is a closed episode; otherwise it is a message from the past. */
export function isClosing<Entry extends HistoryEntry>(
  entry: Entry,
): entry is Extract<Entry, Closing> {
  return 'episode' in entry;
}

/** Knows of the history what its entries touch: all of it, or what was loaded for them. */
export class Timeline<Kind extends EpisodeKind> {
  readonly #rules: Rules<Kind>;
  readonly #loaded = new Map<string, EpisodeOf<Kind>>();
  readonly #rows = new Map<string, EpisodeOf<Kind>>();
  /** The same rows by identity, oldest first. */
  readonly #sorted = new Map<string, SortedRows<EpisodeOf<Kind>>>();

  constructor(rules: Rules<Kind>, rows: readonly EpisodeOf<Kind>[] = []) {
    this.#rules = rules;
    for (const row of rows) this.#loaded.set(rules.keyOf(row), row);
    for (const row of this.#loaded.values()) this.#put(row);
  }

  apply(entry: HistoryEntry & { kind: Kind }): void {
    if (isClosing(entry)) this.#close(entry.episode as EpisodeOf<Kind>, entry.foldFrom);
    else this.#place(entry as FactOf<Kind>);
  }

  /** All episodes that are known, oldest first; by key where they began together. */
  list(): EpisodeOf<Kind>[] {
    return [...this.#rows.values()].sort(this.#compare);
  }

  /** What is different from what was loaded. */
  listChanges(): Correction<EpisodeOf<Kind>> {
    const put = [...this.#rows].filter(([key, row]) => !Object.is(row, this.#loaded.get(key)));
    const remove = [...this.#loaded].filter(([key]) => !this.#rows.has(key));
    return { put: put.map(([, row]) => row), remove: remove.map(([, row]) => row) };
  }

  /** Episodes that began in the same millisecond have one key, and become one row. */
  #close(episode: EpisodeOf<Kind>, foldFrom: number | null): void {
    const { keyOf, fold } = this.#rules;
    const known = this.#rows.get(keyOf(episode));
    this.#put(known ? fold(known, episode) : episode);
    if (foldFrom !== null) this.#foldHour(foldFrom);
  }

  #place(fact: FactOf<Kind>): void {
    this.#correct(this.#rules.place(this.#findNeighbours(fact), fact));
  }

  #foldHour(fromMs: number): void {
    const { startOf, endOf, fold } = this.#rules;
    const toMs = fromMs + FLAPPING_WINDOW_MS;
    const isWithin = (row: EpisodeOf<Kind>) => startOf(row) >= fromMs && endOf(row) < toMs;
    const within = [...this.#rows.values()].filter(isWithin).sort(this.#compare);
    if (within.length < 2) return;
    this.#correct({ remove: within, put: [within.reduce(fold)] });
  }

  #findNeighbours(fact: FactOf<Kind>): Neighbours<EpisodeOf<Kind>> {
    const { startOf, endOf, identityOfFact } = this.#rules;
    const rows = this.#rowsOf(identityOfFact(fact));
    const next = rows.countWhile((row) => startOf(row) <= fact.atMs);
    const isPoint = (row: EpisodeOf<Kind> | undefined) => row && endOf(row) <= startOf(row);
    let lasting = next - 1;
    while (isPoint(rows.at(lasting))) lasting -= 1;
    return {
      before: rows.at(next - 1) ?? null,
      lasting: rows.at(lasting) ?? null,
      after: rows.at(next) ?? null,
    };
  }

  #correct({ put, remove }: Correction<EpisodeOf<Kind>>): void {
    for (const row of remove) this.#remove(row);
    for (const row of put) this.#put(row);
  }

  #put(row: EpisodeOf<Kind>): void {
    const { keyOf, identityOf } = this.#rules;
    this.#remove(row);
    this.#rows.set(keyOf(row), row);
    this.#rowsOf(identityOf(row)).add(row);
  }

  /** Removes the row that has the key of this one, if there is one. */
  #remove(like: EpisodeOf<Kind>): void {
    const { keyOf, identityOf } = this.#rules;
    const row = this.#rows.get(keyOf(like));
    if (!row) return;
    this.#rows.delete(keyOf(row));
    this.#rowsOf(identityOf(row)).remove(row);
  }

  #rowsOf(identity: string): SortedRows<EpisodeOf<Kind>> {
    const rows = this.#sorted.get(identity) ?? new SortedRows(this.#compare);
    this.#sorted.set(identity, rows);
    return rows;
  }

  readonly #compare = (one: EpisodeOf<Kind>, two: EpisodeOf<Kind>): number => {
    const { startOf, keyOf } = this.#rules;
    return startOf(one) - startOf(two) || compareTexts(keyOf(one), keyOf(two));
  };
}

function compareTexts(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}
