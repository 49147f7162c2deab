import { z } from 'zod';

/** `config show`: every setting, by key. */
export const configShownSchema = z.strictObject({
  next_cursor: z.null(),
  items: z.array(
    z.strictObject({
      key: z.string().describe('As in a configuration file; with two dashes the flag.'),
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown()), z.null()]),
      origin: z.string().describe('The flag, the variable, the path of a file, or "default".'),
    }),
  ),
});

export type ConfigItemJson = z.infer<typeof configShownSchema>['items'][number];
