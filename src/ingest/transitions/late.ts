/**
 * Fits late messages into the history. Each function takes the closed episodes around the moment
 * and returns the rows to write and to remove; no current state changes. Intervals are half-open.
 * What contradicts an episode that is known to have lasted becomes a point in time within it.
 */
import type { DiagnosticEpisode, StatusEpisode, UpEpisode } from '../../db/schema.ts';
import { isSameWord } from '../../domain/status-word.ts';
import type { LateBeat, LateDiagnostic, LateStatus } from './state.ts';

export interface Neighbours<Episode> {
  /** The last episode that started at the moment or before it. */
  before: Episode | null;
  /** The last one of some duration that did; not `before` where that is a point in time. */
  lasting: Episode | null;
  /** The first one that started after it. */
  after: Episode | null;
}

export interface Correction<Episode> {
  put: Episode[];
  remove: Episode[];
}

const BLIP_MERGE_MS = 3_600_000;

/** A heartbeat from the past: fills gaps, so that "device up, connection down" is no outage. */
export function placeLateBeat(
  { before, after }: Neighbours<UpEpisode>,
  fact: LateBeat,
): Correction<UpEpisode> {
  if (before && fact.atMs <= before.ended_at) return put({ ...before, beats: before.beats + 1 });
  const left = before && canExtend(before, fact, fact.atMs - before.ended_at) ? before : null;
  const right = after && canExtend(after, fact, after.started_at - fact.atMs) ? after : null;
  if (left && right && left.ended_by === 'gap' && areCompatible(left.version, right.version)) {
    return joinUp(left, right, fact);
  }
  if (left) return put(extendUp(left, fact, { ended_at: fact.atMs }));
  if (right) return { put: [extendUp(right, fact, { started_at: fact.atMs })], remove: [right] };
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

/** A status from the past: it held until the next change, unless its predecessor was said again. */
export function placeLateStatus(
  { before, lasting, after }: Neighbours<StatusEpisode>,
  fact: LateStatus,
): Correction<StatusEpisode> {
  const { atMs, path, status, message, openSince } = fact;
  const covering = lasting && atMs < lasting.ended_at ? lasting : null;
  // Two words in one millisecond: the row of the first keeps the count.
  if (before?.started_at === atMs) return put({ ...before, count: before.count + 1 });
  if (covering && isSameWord(covering.status, status)) {
    const lastAt = Math.max(covering.last_at, atMs);
    return put({ ...covering, count: covering.count + 1, last_at: lastAt });
  }
  if (before && isPoint(before) && isSameWord(before.status, status)) {
    return put({ ...before, count: before.count + 1 });
  }
  const endedAt = covering
    ? findEndWithin(covering, atMs)
    : findEnd([after?.started_at, openSince], atMs);
  const word = { ...path, started_at: atMs, ended_at: endedAt, last_at: atMs, status, message };
  const shortened = covering && endedAt > atMs ? [{ ...covering, ended_at: atMs }] : [];
  return { put: [...shortened, { ...word, count: 1, episodes: 1 }], remove: [] };
}

/** A diagnostic from the past that nothing contradicts: a closed episode of its own, or one more count. */
export function placeLateDiagnostic(
  { before, lasting }: Neighbours<DiagnosticEpisode>,
  fact: LateDiagnostic,
): Correction<DiagnosticEpisode> {
  const { atMs, path, item } = fact;
  if (before?.opened_at === atMs) return put({ ...before, count: before.count + 1 });
  if (lasting && atMs < lasting.closed_at && lasting.severity === item.severity) {
    return put({ ...lasting, count: lasting.count + 1 });
  }
  if (before && isBlipOf(before, fact)) {
    const extended = isFree(before, lasting, fact) ? { last_at: atMs, closed_at: atMs } : {};
    return put({ ...before, ...extended, count: before.count + 1 });
  }
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

function put<Episode>(episode: Episode): Correction<Episode> {
  return { put: [episode], remove: [] };
}

function canExtend(episode: UpEpisode, fact: LateBeat, distanceMs: number): boolean {
  return areCompatible(episode.version, fact.version) && distanceMs <= fact.overdueAfterMs;
}

function areCompatible(one: string | null, two: string | null): boolean {
  return one === null || two === null || one === two;
}

function extendUp(
  episode: UpEpisode,
  { version }: LateBeat,
  bounds: Partial<Pick<UpEpisode, 'started_at' | 'ended_at'>>,
): UpEpisode {
  const extended = { ...episode, ...bounds, beats: episode.beats + 1 };
  const addedMs = extended.ended_at - extended.started_at - (episode.ended_at - episode.started_at);
  return { ...extended, up_ms: episode.up_ms + addedMs, version: episode.version ?? version };
}

function joinUp(left: UpEpisode, right: UpEpisode, { version }: LateBeat): Correction<UpEpisode> {
  const joined = {
    ...right,
    started_at: left.started_at,
    up_ms: left.up_ms + right.up_ms + (right.started_at - left.ended_at),
    beats: left.beats + right.beats + 1,
    version: left.version ?? right.version ?? version,
    episodes: left.episodes + right.episodes - 1,
  };
  return { put: [joined], remove: [right] };
}

function isPoint({ started_at, ended_at }: StatusEpisode): boolean {
  return ended_at === started_at;
}

/** To the end of the word that it interrupts, unless that was said again, or stands for several. */
function findEndWithin({ last_at, ended_at, episodes }: StatusEpisode, atMs: number): number {
  return last_at <= atMs && episodes === 1 ? ended_at : atMs;
}

/** To the next word; a point in time within the open episode, or where no later word is known. */
function findEnd(nextWordsAt: readonly (number | null | undefined)[], atMs: number): number {
  const next = Math.min(...nextWordsAt.map((each) => each ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(next) ? Math.max(next, atMs) : atMs;
}

function isBlipOf(before: DiagnosticEpisode, { atMs, item }: LateDiagnostic): boolean {
  const isNear = atMs - before.closed_at <= BLIP_MERGE_MS;
  return before.closed_by === 'late' && before.severity === item.severity && isNear;
}

/** Whether nothing else of the code lasted between the episode and the moment. */
function isFree(
  before: DiagnosticEpisode,
  lasting: DiagnosticEpisode | null,
  { atMs, openSince }: LateDiagnostic,
): boolean {
  if (openSince !== null && openSince <= atMs) return false;
  return lasting === null || lasting === before || lasting.closed_at <= before.opened_at;
}
