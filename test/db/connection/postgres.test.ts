import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStorageFailure } from '../../../src/db/connection/errors.ts';
import { parseLocation } from '../../../src/db/connection/location.ts';
import { openAndMigrateDatabase, openDatabase } from '../../../src/db/connection/open.ts';
import type { Database } from '../../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { type SwallowingProxy, startSwallowingProxy } from '../../support/swallowing-proxy.ts';

describe.runIf(DIALECTS.includes('postgres'))('a connection to PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: SwallowingProxy;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
    await (await openAndMigrateDatabase(parseLocation(database.url))).destroy();
    proxy = await startSwallowingProxy(database.url);
    db = await openDatabase(parseLocation(proxy.url), { access: 'write', silenceMs: 300 });
  });
  afterAll(async () => {
    await db.destroy();
    await proxy.close();
    await database.drop();
  });

  it('that is swallowed on the way is given up, and the next one works', async () => {
    const count = () =>
      db
        .selectFrom('customer')
        .select((eb) => eb.fn.countAll().as('n'))
        .execute();
    await count();
    proxy.swallow('present');
    const error = await db
      .transaction()
      .execute((trx) => sql`select 1`.execute(trx))
      .catch((failure: unknown) => failure);
    expect(isStorageFailure(error)).toBe(true);
    expect(String(error)).toContain('said nothing');
    expect(await count()).toHaveLength(1);
  });
});
