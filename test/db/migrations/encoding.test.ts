import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DatabaseLocation, parseLocation } from '../../../src/db/connection/location.ts';
import {
  openAndMigrateDatabase,
  openDatabase,
  openOrCreateDatabase,
} from '../../../src/db/connection/open.ts';
import { createLatinDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';

describe.runIf(DIALECTS.includes('postgres'))('a PostgreSQL database of another encoding', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createLatinDatabase();
  });
  afterEach(() => database.drop());

  it.each([
    ['a server', openAndMigrateDatabase],
    ['a command', openOrCreateDatabase],
    ['a copy', openCopyTarget],
  ] as const)('is refused when %s would create its tables, and stays empty', async (_by, open) => {
    const location = parseLocation(database.url);
    await expect(open(location)).rejects.toMatchObject({
      code: 'configuration',
      exit: 78,
      message: expect.stringContaining('has the encoding LATIN1'),
      hint: expect.stringContaining('createdb -E UTF8'),
    });
    const reading = openDatabase(location, { access: 'read' });
    await expect(reading).rejects.toMatchObject({ code: 'database_missing' });
  });
});

function openCopyTarget(location: DatabaseLocation) {
  return openOrCreateDatabase(location, { isCopyTarget: true });
}
