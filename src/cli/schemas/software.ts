import { z } from 'zod';
import { health } from './health.ts';
import { historyShape, uptimeShape } from './history.ts';

const instant = z.iso.datetime();

const limits = {
  overdue_after_seconds: z.number().nullable().describe('Its own; null: as set above it.'),
  effective_overdue_after_seconds: z.number().describe('The one that counts.'),
};

/** One instance, as `software list` and `software show` give it; null is what it has not told. */
export const softwareSchema = z.strictObject({
  customer: z.string(),
  machine: z.string(),
  software: z.string(),
  ...health,
  version: z.string().nullable(),
  uptime_seconds: z.number().nullable(),
  pid: z.int().nullable(),
  ips: z.array(z.string()).nullable(),
  hostname: z.string().nullable(),
  os: z.string().nullable(),
  up_since: instant.nullable(),
  last_heartbeat_at: instant.nullable(),
  clock_skew_ms: z.int().nullable().describe('How far the clock of the device is ahead.'),
  status: z.string().nullable().describe('The word of the device itself.'),
  status_message: z.string().nullable(),
  status_since: instant.nullable(),
  snapshot: z.record(z.string(), z.unknown()).nullable(),
  open_errors: z.int().describe('Open diagnostics of severity 2.'),
  acknowledged_errors: z.int().describe('How many of them were acknowledged.'),
  open_warnings: z.int().describe('Open diagnostics of severity 1.'),
  two_senders_at: instant.nullable().describe('When two senders alternated on this path.'),
  first_seen_at: instant,
  last_seen_at: instant,
  ...limits,
});

/** An instance with what was. */
export const softwareShownSchema = softwareSchema.extend(historyShape);

export const softwareListSchema = z.strictObject({
  items: z.array(softwareSchema),
  next_cursor: z.string().nullable(),
});

/** One machine, as `machine list` gives it. */
export const machineSchema = z.strictObject({
  customer: z.string(),
  machine: z.string(),
  ...health,
  software_count: z.int(),
  first_seen_at: instant,
  last_seen_at: instant.nullable(),
  ...limits,
});

export const machineListSchema = z.strictObject({
  items: z.array(machineSchema),
  next_cursor: z.string().nullable(),
});

/** A machine with its instances, and when each was up. */
export const machineShownSchema = machineSchema.extend({
  software: z.array(softwareSchema.extend(uptimeShape)),
});

export type SoftwareJson = z.infer<typeof softwareSchema>;
export type MachineJson = z.infer<typeof machineSchema>;
export type MachineShownJson = z.infer<typeof machineShownSchema>;
