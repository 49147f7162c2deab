import { z } from 'zod';

const instant = z.iso.datetime();

/** `token create`: the only time that the token is shown. */
export const tokenCreatedSchema = z.strictObject({
  id: z.string(),
  token: z.string(),
  customer: z.string(),
  name: z.string().nullable(),
  expires_at: instant.nullable(),
  created_at: instant,
});

/** One token, as `token list` gives it. */
export const tokenSchema = z.strictObject({
  id: z.string(),
  customer: z.string(),
  name: z.string().nullable(),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  last_used_at: instant.nullable(),
  last_used_address: z.string().nullable(),
});

export const tokenListSchema = z.strictObject({
  items: z.array(tokenSchema),
  next_cursor: z.string().nullable(),
});

export const tokenShownSchema = tokenSchema.extend({
  machines: z.array(z.string()).describe('Machines whose last message was sent with it.'),
});

/** `token revoke`: `revoked` is false where it was revoked before. */
export const tokenRevokedSchema = tokenSchema.extend({ revoked: z.boolean() });

/** `token import`: `created` is false where the customer had the token already. */
export const tokenImportedSchema = tokenSchema.extend({ created: z.boolean() });

export type TokenJson = z.infer<typeof tokenSchema>;
