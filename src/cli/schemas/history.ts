/** The parts of `software show` and `machine show` that tell what was; each list newest first, up to 100. */
import { z } from 'zod';
import { CELLS, WINDOWS } from '../../domain/history/availability.ts';
import { diagnosticSchema } from './diagnostic.ts';

const instant = z.iso.datetime();

const availability = z.strictObject({
  window: z.enum(WINDOWS.map(({ name }) => name)),
  from: instant,
  to: instant,
  availability: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Share of the observed time since the first heartbeat; null where there was none.'),
  observed_ms: z.int(),
  up_ms: z.int(),
  outages: z.int(),
  restarts: z.int(),
  strip: z.array(z.enum(CELLS)).describe('Equal pieces of the window, the oldest first.'),
});

const outage = z.strictObject({
  from: instant,
  to: instant.nullable().describe('Null while it goes on.'),
  duration_ms: z.int().describe('Without the time in which no server listened.'),
  stopped: z.boolean().describe('The device had said that it stops.'),
});

const restart = z.strictObject({
  at: instant.describe('The first heartbeat of the new process.'),
  silence_ms: z.int().describe('How long nothing was heard before it.'),
});

const version = z.strictObject({
  version: z.string(),
  since: instant,
  until: instant.nullable().describe('Null for the present one.'),
});

const upEpisode = z.strictObject({
  started_at: instant,
  ended_at: instant.nullable().describe('The last heartbeat; null while it is open.'),
  last_heartbeat_at: instant,
  up_ms: z.int().describe('Less than the whole where several episodes were merged.'),
  beats: z.int(),
  version: z.string().nullable(),
  ended_by: z.string().nullable().describe('gap, restart or version; null while it is open.'),
  episodes: z.int().describe('Above 1 where flapping merged several.'),
});

const status = z.strictObject({
  status: z.string(),
  message: z.string().nullable(),
  since: instant,
  until: instant.nullable().describe('Null for the present one.'),
  last_at: instant,
  count: z.int(),
  episodes: z.int(),
});

/** What `machine show` tells of each instance. */
export const uptimeShape = {
  availability: z.array(availability),
  outages: z.array(outage),
  restarts: z.array(restart),
  versions: z.array(version),
};

/** What `software show` tells. */
export const historyShape = {
  ...uptimeShape,
  up_episodes: z.array(upEpisode),
  statuses: z.array(status),
  diagnostics: z.array(diagnosticSchema).describe('All that are open, the worst first.'),
  closed_diagnostics: z.array(diagnosticSchema),
};

const uptime = z.strictObject(uptimeShape);
const history = z.strictObject(historyShape);

export type UptimeJson = z.infer<typeof uptime>;
export type HistoryJson = z.infer<typeof history>;
