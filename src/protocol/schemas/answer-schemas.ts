import { z } from 'zod';

const COUNT = z.int().min(0);
const INSTANT = z.iso.datetime({ offset: true });
const WARNINGS = z.array(z.string());

/**
 * Returns the published description of the answers as zod schemas. `reasons` is the closed list of
 * refusals, where the caller knows it; without it any reason is accepted, as a client must.
 */
export function createAnswerSchemas(reasons?: readonly string[]) {
  const reason = reasons === undefined ? z.string() : z.enum(reasons);
  return {
    accepted: z.object({
      ok: z.literal(true),
      accepted: COUNT,
      duplicate: z.literal(true).optional(),
      warnings: WARNINGS.optional(),
    }),
    batch: z.object({
      ok: z.literal(true),
      accepted: COUNT,
      rejected: z.array(z.object({ line: z.int().min(1), reason, detail: z.string() })),
      warnings: WARNINGS.optional(),
    }),
    check: z.object({
      ok: z.literal(true),
      would_register: z.enum(['machine', 'software']).nullable(),
      token_id: z.string(),
      token_expires_at: INSTANT.nullable(),
      clock_skew_ms: z.number().nullable(),
      warnings: WARNINGS,
    }),
    problem: z.object({
      type: z.string(),
      title: z.string(),
      status: z.int().min(400).max(599),
      detail: z.string(),
      reason,
      errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      request_id: z.string().optional(),
    }),
  };
}
