import { z } from 'zod';

/** What `serve --json` prints when it has stopped. */
export const servedSchema = z.strictObject({ url: z.url(), stopped: z.literal(true) });
