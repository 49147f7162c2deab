import { z } from 'zod';

/** `help exit-codes`: what each exit code of every command means. */
export const exitCodesSchema = z.strictObject({
  next_cursor: z.null(),
  items: z.array(
    z.strictObject({
      exit: z.int(),
      meaning: z.string(),
      codes: z.array(z.string()).describe('The "code" of JSON errors that end with it.'),
    }),
  ),
});

export type ExitCodeJson = z.infer<typeof exitCodesSchema>['items'][number];
