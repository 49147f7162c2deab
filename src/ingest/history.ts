/** Writes what a batch adds to the history: closed episodes, flapping hours, late messages. */
import type { Transaction } from 'kysely';
import { DIAGNOSTIC_HISTORY, STATUS_HISTORY, UP_HISTORY } from '../db/bulk-tables.ts';
import {
  type HistoryTable,
  putEpisodes,
  readEpisodesWithin,
  readNeighbours,
  readSameKeys,
  removeEpisodes,
} from '../db/history.ts';
import type { Database } from '../db/schema.ts';
import { FLAPPING_WINDOW_MS } from './transitions/flapping.ts';
import { foldDiagnostic, foldStatus, foldUp } from './transitions/fold.ts';
import {
  type Correction,
  type Neighbours,
  placeLateBeat,
  placeLateDiagnostic,
  placeLateStatus,
} from './transitions/late.ts';
import { type Closing, type EpisodeKind, type LateFact, pathOf } from './transitions/state.ts';

type Episode<Kind extends EpisodeKind> = Extract<Closing, { kind: Kind }>['episode'];
type Fact<Kind extends EpisodeKind> = Extract<LateFact, { kind: Kind }>;

interface HistoryOf<Kind extends EpisodeKind> {
  kind: Kind;
  history: HistoryTable;
  fold: (one: Episode<Kind>, two: Episode<Kind>) => Episode<Kind>;
  place: (neighbours: Neighbours<Episode<Kind>>, fact: Fact<Kind>) => Correction<Episode<Kind>>;
}

const UP: HistoryOf<'up'> = {
  kind: 'up',
  history: { table: UP_HISTORY, startColumn: 'started_at', endColumn: 'ended_at' },
  fold: foldUp,
  place: placeLateBeat,
};

const STATUS: HistoryOf<'status'> = {
  kind: 'status',
  history: { table: STATUS_HISTORY, startColumn: 'started_at', endColumn: 'ended_at' },
  fold: foldStatus,
  place: placeLateStatus,
};

const DIAGNOSTIC: HistoryOf<'diagnostic'> = {
  kind: 'diagnostic',
  history: { table: DIAGNOSTIC_HISTORY, startColumn: 'opened_at', endColumn: 'closed_at' },
  fold: foldDiagnostic,
  place: placeLateDiagnostic,
};

/** Adds the closings to the history, merges the hours of flapping instances, fits in what is late. */
export async function writeHistory(
  trx: Transaction<Database>,
  closings: readonly Closing[],
  late: readonly LateFact[],
): Promise<void> {
  await writeKind(trx, UP, { closings, late });
  await writeKind(trx, STATUS, { closings, late });
  await writeKind(trx, DIAGNOSTIC, { closings, late });
}

interface Additions {
  closings: readonly Closing[];
  late: readonly LateFact[];
}

async function writeKind<Kind extends EpisodeKind>(
  trx: Transaction<Database>,
  kind: HistoryOf<Kind>,
  { closings, late }: Additions,
): Promise<void> {
  const own = closings.filter((closing) => closing.kind === kind.kind);
  await addEpisodes(
    trx,
    kind,
    own.map(({ episode }) => episode as Episode<Kind>),
  );
  for (const hour of listFlappingHours(own)) await foldHour(trx, kind, hour);
  for (const fact of late) {
    if (fact.kind === kind.kind) await placeFact(trx, kind, fact as Fact<Kind>);
  }
}

/** Episodes that began in the same millisecond have one key, and become one row. */
async function addEpisodes<Kind extends EpisodeKind>(
  trx: Transaction<Database>,
  { history, fold }: HistoryOf<Kind>,
  episodes: readonly Episode<Kind>[],
): Promise<void> {
  if (episodes.length === 0) return;
  const keyOf = (episode: Episode<Kind>) =>
    history.table.key.map((name) => episode[name as keyof Episode<Kind>]).join(' ');
  const rows = new Map<string, Episode<Kind>>();
  for (const episode of [...(await readSameKeys(trx, history, episodes)), ...episodes]) {
    const known = rows.get(keyOf(episode));
    rows.set(keyOf(episode), known ? fold(known, episode) : episode);
  }
  await putEpisodes(trx, history, [...rows.values()]);
}

type Hour = Pick<Closing, 'episode'> & { fromMs: number };

function listFlappingHours(closings: readonly Closing[]): Hour[] {
  const hours = new Map<string, Hour>();
  for (const { episode, foldFrom } of closings) {
    if (foldFrom === null) continue;
    const { customer, machine, software } = episode;
    hours.set(`${customer}/${machine}/${software}/${foldFrom}`, { episode, fromMs: foldFrom });
  }
  return [...hours.values()];
}

async function foldHour<Kind extends EpisodeKind>(
  trx: Transaction<Database>,
  { history, fold }: HistoryOf<Kind>,
  { episode, fromMs }: Hour,
): Promise<void> {
  const within = { path: pathOf(episode), fromMs, toMs: fromMs + FLAPPING_WINDOW_MS };
  const [first, ...others] = await readEpisodesWithin<Episode<Kind>>(trx, history, within);
  if (first === undefined || others.length === 0) return;
  await removeEpisodes(trx, history, [first, ...others]);
  await putEpisodes(trx, history, [others.reduce(fold, first)]);
}

async function placeFact<Kind extends EpisodeKind>(
  trx: Transaction<Database>,
  { history, place }: HistoryOf<Kind>,
  fact: Fact<Kind>,
): Promise<void> {
  const { path, atMs } = fact;
  const only = 'item' in fact ? { only: fact.item } : {};
  const query = { path, atMs, ...only };
  const neighbours = await readNeighbours<Episode<Kind>>(trx, history, query);
  const { put, remove } = place(neighbours, fact);
  await removeEpisodes(trx, history, remove);
  await putEpisodes(trx, history, put);
}
