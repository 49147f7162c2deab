import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Complete from '../../src/commands/complete.ts';
import { MOST_CANDIDATES } from '../../src/db/completion.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { writeRejections } from '../../src/db/rejections/write.ts';
import type { Database } from '../../src/db/schema.ts';
import {
  createScratchDirectory,
  createTestDatabase,
  DIALECTS,
  type TestDatabase,
} from '../support/databases.ts';
import { addToken } from '../support/fleet-data.ts';
import { insertCustomers, insertDiagnostics, insertInstance } from '../support/fleet-rows.ts';
import { createRejection } from '../support/rejections.ts';
import { runCommand } from '../support/run-command.ts';

/** Completes the last word on the database that the environment names, and returns the lines. */
async function completeOn(database: string, words: readonly string[]): Promise<string[]> {
  const { stdout, stderr, exit } = await runCommand(Complete, ['--', ...words], { database });
  expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
  return stdout.split('\n').filter((line) => line !== '');
}

const toValues = (lines: readonly string[]) => lines.map((line) => line.split('\t')[0] ?? '');

describe.each(DIALECTS)('fleet complete on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;
  const tokens: Record<string, string> = {};

  const describeValues = (...words: string[]) => completeOn(database.url, ['fleet', ...words]);
  const complete = async (...words: string[]) => toValues(await describeValues(...words));

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['my-company', 'my_plant', 'neighbour'], { deactivated: ['my-old'] });
    for (const software of ['app', 'api']) await insertInstance(db, `my-company/pc-1/${software}`);
    for (const path of ['pc-1/apart', 'pc-9/app']) await insertInstance(db, `neighbour/${path}`);
    await insertDiagnostics(db, 'my-company/pc-1/app', [
      { code: 1000, severity: 2, message: 'jam' },
      { code: 1000, severity: 1, message: 'jam', module: 'pump' },
      { code: 1001, severity: 0, message: 'fine' },
      { code: 2000, severity: 1, message: 'hot' },
    ]);
    tokens.valid = (await addToken(db, 'my-company', { name: 'line 3\n$(id)' })).id;
    tokens.revoked = (await addToken(db, 'neighbour', { revoked_at: 1 })).id;
    const rows = [
      createRejection({ digest: 'one', first_at: 1, last_at: 1 }),
      createRejection({ digest: 'two', first_at: 2, last_at: 2, path: '/api/\u001b[31mevil' }),
    ];
    const limits = { maxRows: 1000, maxBytes: 1e9 };
    await db.transaction().execute((trx) => writeRejections(trx, rows, { nowMs: 2, limits }));
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  it('offers customers whose slug starts as it was typed, with no wildcards', async () => {
    expect(await complete('customer', 'show', 'my-')).toEqual(['my-company', 'my-old']);
    expect(await complete('customer', 'show', 'my_')).toEqual(['my_plant']);
    expect(await complete('customer', 'show', '%')).toEqual([]);
    expect(await complete('customer', 'show', 'MY')).toEqual([]);
    expect(await complete('audit', 'list', '--customer', 'n')).toEqual(['neighbour']);
    expect(await complete('rejections', 'list', '--customer=neighbour,my-c')).toEqual([
      '--customer=neighbour,my-company',
    ]);
  });

  it('offers for a change the customers to which it can be made', async () => {
    expect(await complete('customer', 'activate', '')).toEqual(['my-old']);
    expect(await complete('customer', 'deactivate', 'my-')).toEqual(['my-company']);
    expect(await complete('token', 'create', 'my-')).toEqual(['my-company']);
  });

  it('offers the codes that are open on the instance, and severities by name', async () => {
    const words = ['diagnostics', 'ack', 'my-company/pc-1/app'];
    expect(await describeValues(...words, '')).toEqual(['1000\tjam', '2000\thot']);
    expect(await complete(...words, '2')).toEqual(['2000']);
    expect(await complete('diagnostics', 'ack', 'neighbour/pc-9/app', '')).toEqual([]);
    expect(await complete('diagnostics', 'list', '--severity', 'info,w')).toEqual(['info,warning']);
  });

  it('offers paths level by level, down to the one that the command wants', async () => {
    expect(await complete('machine', 'show', 'my-c')).toEqual(['my-company/']);
    expect(await complete('machine', 'show', 'my-company/')).toEqual(['my-company/pc-1']);
    expect(await complete('machine', 'show', 'my-company/pc-1/')).toEqual([]);
    expect(await complete('software', 'show', 'my-company/p')).toEqual(['my-company/pc-1/']);
    expect(await complete('software', 'show', 'my-company/pc-1/ap')).toEqual([
      'my-company/pc-1/api',
      'my-company/pc-1/app',
    ]);
    expect(await complete('software', 'list', 'my-company/')).toEqual(['my-company/pc-1']);
    expect(await complete('rejections', 'list', '--machine', '')).toEqual(['pc-1', 'pc-9']);
  });

  it('offers ids of tokens with whose they are, to revoke only those that are not', async () => {
    expect(await describeValues('token', 'show', '')).toEqual([
      `${tokens.valid}\tmy-company, line 3⏎$(id)`,
      `${tokens.revoked}\tneighbour`,
    ]);
    expect(await complete('token', 'revoke', '')).toEqual([tokens.valid]);
  });

  it('offers ids of rejections, the newest first, with nothing that a terminal obeys', async () => {
    const [newest = '', oldest = ''] = await describeValues('rejections', 'show', '');
    expect(newest).toMatch(/^\w+\ttoken_unknown \/api\/evil$/);
    expect(oldest).toMatch(/^\w+\ttoken_unknown \/api\/ingest\/my-company\/pc-1\/app\/heartbeat$/);
  });

  it('leaves out what a shell would not take as it is', async () => {
    await insertCustomers(db, ['x-$(id)', 'x-plain']);
    expect(await complete('customer', 'show', 'x-')).toEqual(['x-plain']);
  });

  it('offers no more than anybody reads', async () => {
    const slugs = Array.from({ length: MOST_CANDIDATES + 1 }, (_, at) => `many-${at}`);
    await insertCustomers(db, slugs);
    expect(await complete('customer', 'show', 'many-')).toHaveLength(MOST_CANDIDATES);
  });
});

describe('fleet complete', () => {
  const CUSTOMERS = ['customer', 'show', ''];
  let file: string;
  let silent: Server;
  const connections: { destroy(): void }[] = [];

  beforeAll(async () => {
    file = join(await createScratchDirectory(), 'my fleet.db');
    const db = await openAndMigrateDatabase(parseLocation(file));
    await insertCustomers(db, ['my-company']);
    await db.destroy();
    silent = createServer((socket) => connections.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    for (const connection of connections) connection.destroy();
    silent.close();
  });

  const completeOnNone = async (...words: string[]) =>
    toValues(await completeOn('/nonexistent/fleet.db', words));

  it('reads the database that the line names', async () => {
    for (const flag of [[`--database="${file}"`], ['--database', file.replace(' ', '\\ ')]]) {
      expect(await completeOnNone('fleet', 'customer', 'show', ...flag, '')).toEqual([
        'my-company',
      ]);
    }
    const variable = `FLEET_DATABASE='${file}'`;
    expect(await completeOnNone(variable, 'fleet', ...CUSTOMERS)).toEqual(['my-company']);
    const unknown = `--database=$(echo ${file})`;
    expect(await completeOnNone('fleet', 'customer', 'show', unknown, '')).toEqual([]);
  });

  it('reads the database that a configuration file names', async () => {
    const config = join(await createScratchDirectory(), 'config.yaml');
    await writeFile(config, `database: ${file}\n`);
    const words = ['fleet', 'customer', 'show', '--config', config, ''];
    expect(toValues(await completeOn('', words))).toEqual(['my-company']);
  });

  it('creates no database, and says nothing where there is none', async () => {
    const missing = join(await createScratchDirectory(), 'fleet.db');
    expect(await completeOn(missing, ['fleet', ...CUSTOMERS])).toEqual([]);
    expect(existsSync(missing)).toBe(false);
  });

  it('changes nothing of a database, not even how it keeps its journal', async () => {
    const sqlite = new SQLite(file);
    sqlite.pragma('journal_mode = delete');
    sqlite.close();
    const before = await readFile(file);
    expect(toValues(await completeOn(file, ['fleet', ...CUSTOMERS]))).toEqual(['my-company']);
    expect(before.equals(await readFile(file))).toBe(true);
  });

  it.each(['postgres://fleet:hunter2@127.0.0.1:1/fleet', 'mysql://x', '/dev/null', '/'])(
    'says nothing where the database is %s',
    async (url) => {
      expect(await completeOn(url, ['fleet', ...CUSTOMERS])).toEqual([]);
      expect(await completeOnNone('fleet', 'customer', 'show', '--database', url, '')).toEqual([]);
    },
  );

  it('gives up on a server that does not answer, before who waits for it does', async () => {
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const startedAtMs = performance.now();
    expect(await completeOn(`postgres://127.0.0.1:${port}/fleet`, ['fleet', ...CUSTOMERS])).toEqual(
      [],
    );
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
  });

  it.each([[[]], [['fleet']], [['--']], [['A=b']], [['fleet', '--', '']]])(
    'answers %j with nothing that is an error',
    async (words) => {
      await completeOn('/nonexistent/fleet.db', words);
    },
  );
});
