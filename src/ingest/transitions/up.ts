/**
 * The up episode: heartbeats without a gap above the overdue limit, of one version, without a
 * restart. Outages, restarts and versions of any window follow from these episodes.
 */
import type { Instance, UpEpisode } from '../../db/schema.ts';
import { digestText } from '../../domain/text/digest.ts';
import { longestObservedSilenceMs } from '../../domain/time/observed.ts';
import type { Heartbeat } from '../../protocol/messages.ts';
import { countClosing } from './flapping.ts';
import type { Receipt } from './receipt.ts';
import { followSender, SAME_START_MS, type Sender } from './senders.ts';
import { type Change, type HistoryEntry, type InstanceState, pathOf } from './state.ts';

export type UpEnd = 'gap' | 'restart' | 'version';

/** Applies a heartbeat to its instance. */
export function applyHeartbeat(state: InstanceState, beat: Heartbeat, receipt: Receipt): Change {
  const { row } = state;
  if (row.last_beat_at !== null && receipt.atMs < row.last_beat_at) {
    return recallBeat(state, beat, receipt);
  }
  const sender = describeSender(beat, receipt);
  const followed = followSender(row, sender, receipt.atMs);
  const end = findEnd(row, { beat, sender, receipt, isReturn: followed.isReturn });
  const { row: opened, history } = end
    ? closeUp(row, followed.row, end)
    : { row: followed.row, history: [] };
  const host = describeHost(state, beat);
  return { state: { ...state, host, row: beatOn(opened, { beat, sender, receipt }) }, history };
}

function recallBeat(state: InstanceState, beat: Heartbeat, receipt: Receipt): Change {
  const { row } = state;
  if (isInside(row, receipt)) {
    return { state: { ...state, row: { ...row, beats: row.beats + 1 } }, history: [] };
  }
  const { atMs, overdueAfterMs } = receipt;
  const { version } = beat;
  const fact = { kind: 'up', path: pathOf(row), atMs, version, overdueAfterMs } as const;
  return { state, history: [fact] };
}

/** Also when it seems older only because the clock fell back: then it is no message from the past. */
function isInside(row: Instance, { atMs, receivedAtMs, isLate }: Receipt): boolean {
  if (row.up_since === null || row.last_beat_at === null) return false;
  return atMs >= row.up_since || (!isLate && row.last_beat_at > receivedAtMs);
}

function describeSender(beat: Heartbeat, receipt: Receipt): Sender {
  const { uptimeSeconds, pid, hostname } = beat;
  return {
    started_at: uptimeSeconds === null ? null : Math.round(receipt.atMs - uptimeSeconds * 1000),
    pid,
    hostname_digest: hostname === null ? null : digestText(hostname),
  };
}

interface Beat {
  beat: Heartbeat;
  sender: Sender;
  receipt: Receipt;
}

function findEnd(row: Instance, beat: Beat & { isReturn: boolean }): UpEnd | null {
  if (row.up_since === null || row.last_beat_at === null) return null;
  if (!beat.isReturn && isRestart(row, beat.sender)) return 'restart';
  if (isNewVersion(row.version, beat.beat.version)) return 'version';
  return isGap(row.last_beat_at, beat.receipt) ? 'gap' : null;
}

function isGap(lastBeatAtMs: number, { atMs, unobserved, overdueAfterMs }: Receipt): boolean {
  if (atMs - lastBeatAtMs <= overdueAfterMs) return false;
  return longestObservedSilenceMs(lastBeatAtMs, atMs, unobserved) > overdueAfterMs;
}

function isRestart(row: Instance, sender: Sender): boolean {
  if (sender.started_at !== null) {
    return row.started_at !== null && sender.started_at - row.started_at > SAME_START_MS;
  }
  return sender.pid !== null && row.pid !== null && sender.pid !== row.pid;
}

function isNewVersion(known: string | null, reported: string | null): boolean {
  return known !== null && reported !== null && known !== reported;
}

function closeUp(
  open: Instance,
  followed: Instance,
  end: UpEnd,
): { row: Instance; history: HistoryEntry[] } {
  const episode = toEpisode(open, end);
  const { row, foldFrom } = countClosing(followed, 'up', episode.ended_at);
  return {
    row: { ...row, up_since: null, beats: 0 },
    history: [{ kind: 'up', episode, foldFrom }],
  };
}

function toEpisode(row: Instance, end: UpEnd): UpEpisode {
  const startedAt = row.up_since ?? 0;
  const endedAt = row.last_beat_at ?? startedAt;
  return {
    ...pathOf(row),
    started_at: startedAt,
    ended_at: endedAt,
    up_ms: endedAt - startedAt,
    beats: row.beats,
    version: row.version,
    ended_by: end,
    episodes: 1,
  };
}

function beatOn(row: Instance, { beat, sender, receipt }: Beat): Instance {
  return {
    ...row,
    up_since: row.up_since ?? receipt.atMs,
    last_beat_at: receipt.atMs,
    beats: row.beats + 1,
    version: beat.version ?? row.version,
    uptime_seconds: beat.uptimeSeconds ?? row.uptime_seconds,
    pid: sender.pid ?? row.pid,
    started_at: sender.started_at ?? row.started_at,
    hostname_digest: sender.hostname_digest ?? row.hostname_digest,
    host_digest: digestHost(beat) ?? row.host_digest,
  };
}

/** The side row is rewritten only when what the heartbeat says of its host is new. */
function describeHost(state: InstanceState, beat: Heartbeat): InstanceState['host'] {
  const digest = digestHost(beat);
  if (digest === null || digest === state.row.host_digest) return state.host;
  return {
    ...pathOf(state.row),
    ips: beat.ips === null ? (state.host?.ips ?? null) : JSON.stringify(beat.ips),
    hostname: beat.hostname ?? state.host?.hostname ?? null,
    os: beat.os ?? state.host?.os ?? null,
  };
}

function digestHost({ ips, hostname, os }: Heartbeat): number | null {
  if (ips === null && hostname === null && os === null) return null;
  return digestText(`${ips?.join(' ') ?? ''}\n${hostname ?? ''}\n${os ?? ''}`);
}
