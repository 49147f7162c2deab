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

/** `token rotate`: the same, and the id of the token that it takes over from. */
export const tokenRotatedSchema = tokenCreatedSchema.extend({
  replaces: z.string(),
  replaced_ends_at: instant.describe('When the replaced token stops working.'),
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
  items: z.array(
    tokenSchema.extend({
      machine_count: z.int().describe('Machines whose last message was sent with it.'),
    }),
  ),
  next_cursor: z.string().nullable(),
});

export const tokenShownSchema = tokenSchema.extend({
  machines: z.array(z.string()).describe('Machines whose last message was sent with it.'),
  replaces: z.string().nullable().describe('The token that it took over from.'),
});

/** `token revoke`: `revoked` is false where it was revoked before. */
export const tokenRevokedSchema = tokenSchema.extend({ revoked: z.boolean() });

/** `token import`: `created` is false where the customer had the token already. */
export const tokenImportedSchema = tokenSchema.extend({ created: z.boolean() });

export type TokenJson = z.infer<typeof tokenSchema>;
