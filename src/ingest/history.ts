/** Writes what a batch adds to the history: closed episodes, flapping hours, late messages. */
import type { Transaction } from 'kysely';
import { DIAGNOSTIC_HISTORY, STATUS_HISTORY, UP_HISTORY } from '../db/bulk/tables.ts';
import {
  type HistoryTable,
  type Moment,
  putEpisodes,
  readEpisodesWithin,
  readNeighbours,
  readSameKeys,
  removeEpisodes,
  type Stretch,
} from '../db/history/write.ts';
import type { Database } from '../db/schema.ts';
import { FLAPPING_WINDOW_MS } from './transitions/flapping.ts';
import {
  type EpisodeKind,
  type HistoryEntry,
  type Path,
  pathKey,
  pathOf,
} from './transitions/state.ts';
import {
  DIAGNOSTIC_RULES,
  type EpisodeOf,
  isClosing,
  type Rules,
  STATUS_RULES,
  Timeline,
  UP_RULES,
} from './transitions/timeline.ts';

interface HistoryOf<Kind extends EpisodeKind> {
  kind: Kind;
  rules: Rules<Kind>;
  history: HistoryTable;
}

type EntryOf<Kind extends EpisodeKind> = HistoryEntry & { kind: Kind };

const STARTED = { startColumn: 'started_at', endColumn: 'ended_at', identity: [] } as const;

const UP: HistoryOf<'up'> = {
  kind: 'up',
  rules: UP_RULES,
  history: { table: UP_HISTORY, ...STARTED },
};

const STATUS: HistoryOf<'status'> = {
  kind: 'status',
  rules: STATUS_RULES,
  history: { table: STATUS_HISTORY, ...STARTED },
};

const DIAGNOSTIC: HistoryOf<'diagnostic'> = {
  kind: 'diagnostic',
  rules: DIAGNOSTIC_RULES,
  history: {
    table: DIAGNOSTIC_HISTORY,
    startColumn: 'opened_at',
    endColumn: 'closed_at',
    identity: ['code', 'module'],
  },
};

/** Adds the entries to the history in their order: read, changed in memory and written once for all paths. */
export async function writeHistory(
  trx: Transaction<Database>,
  entries: readonly HistoryEntry[],
): Promise<void> {
  await writeKind(trx, UP, entries);
  await writeKind(trx, STATUS, entries);
  await writeKind(trx, DIAGNOSTIC, entries);
}

async function writeKind<Kind extends EpisodeKind>(
  trx: Transaction<Database>,
  { kind, rules, history }: HistoryOf<Kind>,
  entries: readonly HistoryEntry[],
): Promise<void> {
  const own = entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind);
  if (own.length === 0) return;
  const rows = groupByPath(await readTouched<EpisodeOf<Kind>>(trx, history, own), (row) => row);
  const corrections = [...groupByPath(own, pathOfEntry)].map(([path, group]) => {
    const timeline = new Timeline(rules, rows.get(path) ?? []);
    for (const entry of group) timeline.apply(entry);
    return timeline.listChanges();
  });
  await removeEpisodes(
    trx,
    history,
    corrections.flatMap(({ remove }) => remove),
  );
  await putEpisodes(
    trx,
    history,
    corrections.flatMap(({ put }) => put),
  );
}

/** All rows that the entries may meet: of the same key, in their flapping hours, around late messages. */
async function readTouched<Episode extends object>(
  trx: Transaction<Database>,
  history: HistoryTable,
  entries: readonly HistoryEntry[],
): Promise<Episode[]> {
  const episodes = entries.flatMap((entry) => (isClosing(entry) ? [entry.episode] : []));
  return [
    ...(await readSameKeys(trx, history, episodes as object[] as Episode[])),
    ...(await readEpisodesWithin<Episode>(trx, history, listFlappingHours(entries))),
    ...(await readNeighbours<Episode>(trx, history, listMoments(entries))),
  ];
}

function listFlappingHours(entries: readonly HistoryEntry[]): Stretch[] {
  const hours = new Map<string, Stretch>();
  for (const entry of entries) {
    if (!isClosing(entry) || entry.foldFrom === null) continue;
    const { episode, foldFrom: from_at } = entry;
    const hour = { ...pathOf(episode), from_at, to_at: from_at + FLAPPING_WINDOW_MS };
    hours.set(`${pathKey(episode)}/${from_at}`, hour);
  }
  return [...hours.values()];
}

function listMoments(entries: readonly HistoryEntry[]): Moment[] {
  const hours = Map.groupBy(listFlappingHours(entries), pathKey);
  return entries.flatMap((entry) => {
    if (isClosing(entry)) return [];
    const { path, atMs: at } = entry;
    if (entry.kind !== 'diagnostic') return [{ ...path, at }];
    const { code, module } = entry.item;
    // A merged row shows one code of several; the neighbour is then what came before the hour.
    const starts = (hours.get(pathKey(path)) ?? []).map(({ from_at }) => from_at - 1);
    return [at, ...starts].map((each) => ({ ...path, at: each, code, module }));
  });
}

function pathOfEntry(entry: HistoryEntry): Path {
  return isClosing(entry) ? entry.episode : entry.path;
}

function groupByPath<Item>(
  items: readonly Item[],
  pathOfItem: (item: Item) => Path,
): Map<string, Item[]> {
  return Map.groupBy(items, (item) => pathKey(pathOfItem(item)));
}
