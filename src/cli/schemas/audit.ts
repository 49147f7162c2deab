import { z } from 'zod';

/** One entry of `audit list`. */
export const auditSchema = z.strictObject({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  customer: z.string().nullable(),
  subject: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).nullable(),
});

export const auditListSchema = z.strictObject({
  items: z.array(auditSchema),
  next_cursor: z.string().nullable(),
});

export type AuditJson = z.infer<typeof auditSchema>;
