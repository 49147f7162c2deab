/** What changed from one up episode to the next: restarts, and the version that ran. */
import type { UpSpan } from './spans.ts';

export interface Restart {
  /** The first heartbeat of the new process. */
  at: number;
  /** How long nothing was heard before it. */
  silence_ms: number;
}

export interface VersionSpan {
  version: string;
  /** The first heartbeat with it, as far back as the history goes. */
  since: number;
  /** The first heartbeat with the next one; null for the present one. */
  until: number | null;
}

/**
 * Returns the restarts between episodes, oldest first. Those within a row that flapping merged are
 * not known one by one; the row says how many episodes it stands for.
 */
export function listRestarts(spans: readonly UpSpan[]): Restart[] {
  return spans.slice(1).flatMap((next, index) => {
    const before = spans[index];
    if (before?.ended_by !== 'restart') return [];
    const silence_ms = Math.max(0, next.started_at - before.ended_at);
    return [{ at: next.started_at, silence_ms }];
  });
}

/** Returns the versions that ran, oldest first; an episode that told none says nothing about it. */
export function listVersions(spans: readonly UpSpan[]): VersionSpan[] {
  const versions: VersionSpan[] = [];
  for (const { version, started_at } of spans) {
    const last = versions.at(-1);
    if (version === null || version === last?.version) continue;
    if (last) last.until = started_at;
    versions.push({ version, since: started_at, until: null });
  }
  return versions;
}
