import { z } from 'zod';

/** `migrate`. */
export const migratedSchema = z.strictObject({
  database: z.string().describe('Where it is, without a password.'),
  schema: z.string().describe('The name of the schema that it has now.'),
  outcome: z.enum(['created', 'upgraded', 'unchanged']),
  applied: z.array(z.string()).describe('The migrations that were carried out.'),
  backup: z.string().nullable().describe('The copy of a SQLite file from before an upgrade.'),
});
