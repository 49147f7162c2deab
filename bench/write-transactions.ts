/**
 * Creates customers one after the other in this one process and prints how long each transaction
 * took, in milliseconds, as a JSON list; arguments: the database, a prefix for slugs, how many.
 */

import { inTransaction } from '../src/db/change.ts';
import { parseLocation } from '../src/db/connection/location.ts';
import { openDatabase } from '../src/db/connection/open.ts';
import { createCustomer } from '../src/db/customers/changes.ts';

const [database = '', prefix = '', count = ''] = process.argv.slice(2);
const PAUSE_MS = 20;

const db = await openDatabase(parseLocation(database), { access: 'write' });
const timesMs: number[] = [];
while (timesMs.length < Number(count)) {
  const slug = `${prefix}-${timesMs.length}`;
  const start = performance.now();
  await inTransaction(db, (trx) =>
    createCustomer(trx, { slug }, { nowMs: Date.now(), actor: 'bench' }),
  );
  timesMs.push(performance.now() - start);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
await db.destroy();
process.stdout.write(JSON.stringify(timesMs));
