import { z } from 'zod';

/** `copy`. */
export const copiedSchema = z.strictObject({
  from: z.string().describe('The source, without a password.'),
  to: z.string().describe('The target, without a password.'),
  resumed: z.boolean().describe('Whether it went on behind what an earlier run had copied.'),
  rows: z.int(),
  tables: z.array(
    z.strictObject({
      table: z.string(),
      rows: z.int(),
      digest: z
        .string()
        .describe('Of all rows; alike in both databases when the copy was verified.'),
    }),
  ),
});
