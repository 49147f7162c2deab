import { z } from 'zod';

const instant = z.iso.datetime();

/** One diagnostic, as `diagnostics list`, `ack`, `close` and each line of `tail` give it. */
export const diagnosticSchema = z.strictObject({
  customer: z.string(),
  machine: z.string(),
  software: z.string(),
  code: z.int(),
  module: z.string().describe('Empty where the device named none.'),
  severity: z.int().describe('0 info, 1 warning, 2 error.'),
  message: z.string().describe('As it was reported last.'),
  context: z.unknown().describe('What the device sent along; null where nothing.'),
  count: z.int().describe('How often it was reported within the episode.'),
  opened_at: instant,
  last_at: instant,
  closed_at: instant.nullable().describe('Null while it is open, and for severity 0.'),
  closed_by: z
    .string()
    .nullable()
    .describe('What closed it: device, severity (another one followed), expiry, operator.'),
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  note: z.string().nullable(),
  episodes: z.int().describe('Above 1 where flapping merged several.'),
});

export const diagnosticListSchema = z.strictObject({
  items: z.array(diagnosticSchema),
  next_cursor: z.string().nullable(),
});

export type DiagnosticJson = z.infer<typeof diagnosticSchema>;
