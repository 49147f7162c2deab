/**
 * Fits late messages into the history. Each function takes the closed episodes around the moment
 * and returns the rows to write and to remove; no current state changes.
 */
import type { DiagnosticEpisode, StatusEpisode, UpEpisode } from '../../db/schema.ts';
import type { LateFact } from './state.ts';
import { isSameWord } from './status.ts';

export interface Neighbours<Episode> {
  /** The last episode that started at the moment or before it. */
  before: Episode | null;
  /** The first one that started after it. */
  after: Episode | null;
}

export interface Correction<Episode> {
  put: Episode[];
  remove: Episode[];
}

type Late<Kind extends LateFact['kind']> = Extract<LateFact, { kind: Kind }>;

const BLIP_MERGE_MS = 3_600_000;

/** A heartbeat from the past: fills gaps, so that "device up, connection down" is no outage. */
export function placeLateBeat(
  { before, after }: Neighbours<UpEpisode>,
  fact: Late<'up'>,
): Correction<UpEpisode> {
  if (before && fact.atMs <= before.ended_at) return put({ ...before, beats: before.beats + 1 });
  const left = before && canExtend(before, fact, fact.atMs - before.ended_at) ? before : null;
  const right = after && canExtend(after, fact, after.started_at - fact.atMs) ? after : null;
  if (left && right && left.ended_by === 'gap') return joinUp(left, right);
  if (left) return put(extendUp(left, { ended_at: fact.atMs }));
  if (right) return { put: [extendUp(right, { started_at: fact.atMs })], remove: [right] };
  return put({
    ...fact.path,
    started_at: fact.atMs,
    ended_at: fact.atMs,
    up_ms: 0,
    beats: 1,
    version: fact.version,
    ended_by: 'gap',
    episodes: 1,
  });
}

/** A status from the past. Where a later word is known to have held, it is a point in time. */
export function placeLateStatus(
  { before, after }: Neighbours<StatusEpisode>,
  fact: Late<'status'>,
): Correction<StatusEpisode> {
  const { atMs, path, status, message } = fact;
  if (before && isSameWord(before.status, status)) {
    return put({ ...before, count: before.count + 1, last_at: Math.max(before.last_at, atMs) });
  }
  // Two words in one millisecond: the row of the first keeps the count.
  if (before?.started_at === atMs) return put({ ...before, count: before.count + 1 });
  const heldUntil = findEnd({ before, after }, fact);
  const episode = { ...path, started_at: atMs, ended_at: heldUntil, last_at: atMs };
  const placed = { ...episode, status, message, count: 1, episodes: 1 };
  const shortened = before && heldUntil > atMs ? [endAt(before, atMs)] : [];
  return { put: [...shortened, placed], remove: [] };
}

/** A diagnostic from the past that nothing contradicts: a closed episode of its own, or one more count. */
export function placeLateDiagnostic(
  { before }: Neighbours<DiagnosticEpisode>,
  fact: Late<'diagnostic'>,
): Correction<DiagnosticEpisode> {
  const { atMs, path, item } = fact;
  const isSame = before?.severity === item.severity;
  const isCovered = before !== null && atMs <= before.closed_at;
  if (before && isSame && isCovered) return put({ ...before, count: before.count + 1 });
  if (before && isSame && atMs - before.closed_at <= BLIP_MERGE_MS && before.closed_by === 'late') {
    return put({ ...before, count: before.count + 1, last_at: atMs, closed_at: atMs });
  }
  if (before?.opened_at === atMs) return put({ ...before, count: before.count + 1 });
  return put({
    ...path,
    ...item,
    opened_at: atMs,
    last_at: atMs,
    closed_at: atMs,
    closed_by: 'late',
    count: 1,
    acknowledged_at: null,
    acknowledged_by: null,
    note: null,
    episodes: 1,
  });
}

function endAt(episode: StatusEpisode, atMs: number): StatusEpisode {
  return { ...episode, ended_at: Math.min(episode.ended_at, atMs) };
}

function put<Episode>(episode: Episode): Correction<Episode> {
  return { put: [episode], remove: [] };
}

function canExtend(episode: UpEpisode, fact: Late<'up'>, distanceMs: number): boolean {
  const isVersion =
    fact.version === null || episode.version === null || fact.version === episode.version;
  return isVersion && distanceMs <= fact.overdueAfterMs;
}

function extendUp(
  episode: UpEpisode,
  bounds: Partial<Pick<UpEpisode, 'started_at' | 'ended_at'>>,
): UpEpisode {
  const extended = { ...episode, ...bounds, beats: episode.beats + 1 };
  const addedMs = extended.ended_at - extended.started_at - (episode.ended_at - episode.started_at);
  return { ...extended, up_ms: episode.up_ms + addedMs };
}

function joinUp(left: UpEpisode, right: UpEpisode): Correction<UpEpisode> {
  const joined = {
    ...right,
    started_at: left.started_at,
    up_ms: left.up_ms + right.up_ms + (right.started_at - left.ended_at),
    beats: left.beats + right.beats + 1,
    version: left.version ?? right.version,
    episodes: left.episodes + right.episodes - 1,
  };
  return { put: [joined], remove: [right] };
}

/** How long the word held: to the next change, unless its predecessor was said again after it. */
function findEnd(
  { before, after }: Neighbours<StatusEpisode>,
  { atMs, openSince }: Late<'status'>,
): number {
  if (before && atMs < before.ended_at) {
    return before.last_at <= atMs && before.episodes === 1 ? before.ended_at : atMs;
  }
  return after?.started_at ?? Math.max(openSince ?? atMs, atMs);
}
