import { z } from 'zod';
import { LIGHTS } from '../../domain/health/light.ts';
import type { VerdictCode } from '../../domain/why/situation.ts';
import { SITUATIONS } from '../../domain/why/situations.ts';
import { rejectionSchema } from './rejection.ts';

const instant = z.iso.datetime();
const codes = SITUATIONS.map(({ code }) => code) as [VerdictCode, ...VerdictCode[]];

/** `why`: one verdict about a path, what it follows from, and what to do. */
export const whySchema = z.strictObject({
  path: z.string(),
  verdict: z.string(),
  verdict_code: z.enum(codes),
  health: z.enum(LIGHTS).nullable().describe('Null where nothing of the path has registered.'),
  reasons: z
    .array(z.strictObject({ code: z.string(), text: z.string(), since: instant.nullable() }))
    .describe('Of the light; those of the worst instance, where there are several.'),
  worst: z.string().nullable().describe('The path of the worst instance.'),
  last_accepted_at: instant.nullable(),
  last_heartbeat_at: instant.nullable(),
  server_seen_at: instant.nullable().describe('When a server listened last: now, while one does.'),
  rejections: z
    .array(rejectionSchema)
    .describe('The latest few, the unsolved first; where nothing arrives, also of similar paths.'),
  token: z
    .strictObject({
      id: z.string(),
      customer: z.string(),
      state: z.enum(['active', 'expired', 'revoked']),
      expires_at: instant.nullable(),
      revoked_at: instant.nullable(),
      last_used_at: instant.nullable(),
      last_used_address: z.string().nullable(),
      successor: z.string().nullable().describe('The id of the token that took over from it.'),
    })
    .nullable()
    .describe('With which was spoken last; else the one of the customer that is to be used.'),
  next_steps: z.array(z.strictObject({ text: z.string(), command: z.string().nullable() })).min(1),
});

export type WhyJson = z.infer<typeof whySchema>;
