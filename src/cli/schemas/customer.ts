import { z } from 'zod';

const instant = z.iso.datetime();

/** One customer, as `customer list` gives it. */
export const customerSchema = z.strictObject({
  slug: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  parent: z.string().nullable(),
  overdue_after_seconds: z.number().nullable().describe('null: the default of the server.'),
  machine_limit: z.int().nullable().describe('null: the default of the server.'),
  created_at: instant,
  deactivated_at: instant.nullable(),
});

export const customerListSchema = z.strictObject({
  items: z.array(customerSchema),
  next_cursor: z.string().nullable(),
});

/** `customer create`: `created` is false where --if-not-exists found it. */
export const customerCreatedSchema = customerSchema.extend({ created: z.boolean() });

export const customerShownSchema = customerSchema.extend({
  machines: z.int(),
  active_tokens: z.int(),
  children: z.array(z.string()),
});

/** `customer deactivate`. */
export const customerDeactivatedSchema = customerSchema.extend({
  deactivated: z.array(z.string()).describe('What was active until now.'),
  active_children: z.array(z.string()).describe('What is below it and was left active.'),
});

export type CustomerJson = z.infer<typeof customerSchema>;
