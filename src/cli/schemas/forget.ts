import { z } from 'zod';

const machine = { customer: z.string(), machine: z.string() };

/** `machine forget`: the machines that are gone, or with `dry_run` would go. */
export const machineForgottenSchema = z.strictObject({
  forgotten: z.array(
    z.strictObject({
      ...machine,
      software_count: z.int().describe('How many instances went with it.'),
    }),
  ),
  not_seen_since: z.iso.datetime().nullable().describe('In bulk: what was seen later stays.'),
  dry_run: z.boolean(),
});

/** `software forget`: the instances that are gone, or with `dry_run` would go. */
export const softwareForgottenSchema = z.strictObject({
  forgotten: z.array(z.strictObject({ ...machine, software: z.string() })),
  machines: z.array(z.strictObject(machine)).describe('Those that went with their last software.'),
  not_seen_since: z.iso.datetime().nullable().describe('In bulk: what was seen later stays.'),
  dry_run: z.boolean(),
});

export type MachineForgottenJson = z.infer<typeof machineForgottenSchema>;
export type SoftwareForgottenJson = z.infer<typeof softwareForgottenSchema>;
