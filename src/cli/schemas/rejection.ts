import { z } from 'zod';
import { REASONS, type Reason } from '../../domain/rejections/reasons.ts';

const instant = z.iso.datetime();

/** One rejection, as `rejections list`, `show` and each line of `tail` give it. */
export const rejectionSchema = z.strictObject({
  id: z.string(),
  reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]),
  http_status: z.int().describe('The status of the answer.'),
  customer: z.string().nullable().describe('As in the path, whether it is a slug or not.'),
  machine: z.string().nullable(),
  software: z.string().nullable(),
  endpoint: z
    .string()
    .nullable()
    .describe('Or the path, where it leads to no endpoint; `batch/<kind>` for a line of a batch.'),
  token_id: z.string().nullable(),
  token_customer: z.string().nullable().describe('Whom the token belongs to.'),
  address: z.string().nullable(),
  detail: z.string().describe('What the device was told.'),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).nullable(),
  payload: z.string().nullable().describe('Bounded, without secrets; of the latest refusal.'),
  hint: z.string().describe('What to do next; ends with the command, where there is one.'),
  command: z.string().nullable().describe('The command of the hint alone.'),
  count: z.int().describe('How often within the episode.'),
  solved: z.boolean().describe('Whether the same path was accepted later.'),
  first_at: instant,
  last_at: instant,
});

export const rejectionListSchema = z.strictObject({
  items: z.array(rejectionSchema),
  next_cursor: z.string().nullable(),
});

export const rejectionsClearedSchema = z.strictObject({ cleared: z.int() });

export type RejectionJson = z.infer<typeof rejectionSchema>;
