import { z } from 'zod';

/** What `demo --json` prints once the simulated fleet reports. */
export const demoSchema = z.strictObject({
  url: z.url(),
  database: z.string().describe('For --database or FLEET_DATABASE of the other commands.'),
  log: z.string().describe('Where the server writes its log.'),
  customers: z.array(z.string()).describe('Their slugs.'),
  machines: z.int(),
});
