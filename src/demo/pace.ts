/** How fast the simulated fleet speaks: a few hundred messages a minute, and bounded however large it is. */
export interface Pace {
  /** Between two heartbeats of a device. */
  beatMs: number;
  /** The overdue limit of the customers. */
  overdueMs: number;
  /** Between two heartbeats in the past, of which only what happened matters. */
  pastBeatMs: number;
}

/** How many machines a demo can have: from one of each kind on, up to what is there within a minute. */
export const MACHINES = { least: 30, most: 10_000, usual: 140 } as const;

/** Short, so that lights change while somebody watches. */
const LEAST_BEAT_MS = 30_000;
/** A thousand machines beat once in two minutes: with what else they say some 20 messages a second. */
const BEAT_MS_PER_MACHINE = 120;
const PAST_BEAT_MS = 4 * 3_600_000;
/** Above this the past gets fewer heartbeats, so that it is there soon. */
const PAST_IN_FULL = 200;

/** Returns the pace of a fleet of so many machines. */
export function choosePace(machines: number): Pace {
  const beatMs = Math.max(LEAST_BEAT_MS, machines * BEAT_MS_PER_MACHINE);
  return {
    beatMs,
    overdueMs: 2 * beatMs,
    pastBeatMs: PAST_BEAT_MS * Math.max(1, machines / PAST_IN_FULL),
  };
}
