import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/databases.ts';

describe('createTestDatabase', () => {
  it('names a SQLite file that does not exist yet, in a directory of its own user', async () => {
    const database = await createTestDatabase('sqlite');
    await expect(stat(database.url)).rejects.toThrow('ENOENT');
    expect((await stat(dirname(database.url))).mode & 0o777).toBe(0o700);
    await database.drop();
    await expect(stat(dirname(database.url))).rejects.toThrow('ENOENT');
  });

  it('gives each caller an empty PostgreSQL database and drops it while it is in use', async () => {
    const [one, other] = await Promise.all([
      createTestDatabase('postgres'),
      createTestDatabase('postgres'),
    ]);
    expect(one.url).not.toBe(other.url);
    const client = new pg.Client({ connectionString: one.url });
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    const tables = await client.query("select 1 from pg_tables where schemaname = 'public'");
    expect(tables.rowCount).toBe(0);
    await one.drop();
    await ended;
    await expect(new pg.Client({ connectionString: one.url }).connect()).rejects.toThrow(
      'does not exist',
    );
    await other.drop();
  });
});
