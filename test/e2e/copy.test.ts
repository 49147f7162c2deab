import { once } from 'node:events';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copiedSchema } from '../../src/cli/schemas/copy.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase, openOrCreateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { type Environment, runFleet, startProgram } from '../support/servers.ts';
import { dumpAll, fillEveryTable } from '../support/whole-fleet.ts';
import { createInstallation, waitFor } from './support.ts';

/** So many that the copy takes seconds. */
const ROWS = 60_000;

const DIRECTIONS = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
] as const;

describe.each(DIRECTIONS.filter((pair) => pair.every((dialect) => DIALECTS.includes(dialect))))(
  'fleet copy from %s to %s',
  (from, to) => {
    let source: TestDatabase;
    let target: TestDatabase;
    let argv: string[];
    let env: Environment;

    beforeEach(async () => {
      [source, target] = [await createTestDatabase(from), await createTestDatabase(to)];
      const password = [source, target].map(({ url }) => readPassword(url)).join('');
      env = { PGPASSWORD: password };
      argv = ['--from', withoutPassword(source.url), '--to', withoutPassword(target.url)];
      const db = await openAndMigrateDatabase(parseLocation(source.url));
      await fillEveryTable(db);
      await addHistory(db);
      await db.destroy();
    });
    afterEach(() => Promise.all([source.drop(), target.drop()]));

    it('goes on where it was after kill -9 and after Ctrl-C, and comes to the same', {
      timeout: 60_000,
    }, async () => {
      for (const [signal, code] of [
        ['SIGKILL', null],
        ['SIGINT', 130],
      ] as const) {
        const before = await readProgress();
        const { child, output } = startProgram(['copy', ...argv], { env });
        const exited = once(child, 'close');
        await waitFor(readProgress, (rows) => rows > before + 2_000);
        child.kill(signal);
        expect((await exited)[0]).toBe(code);
        if (signal === 'SIGINT') expect(output.stderr).toContain('same command goes on');
        expect((await runFleet(['customer', 'list'], { env: onTarget() })).code).toBe(78);
      }
      const { code, stdout, stderr } = await runFleet(['copy', ...argv, '--json'], { env });
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(copiedSchema.parse(JSON.parse(stdout)).resumed).toBe(true);
      await expectAlike();
    });

    const onTarget = () => ({ FLEET_DATABASE: target.url });

    /** How many rows of history the target has, and 0 before there is any. */
    async function readProgress(): Promise<number> {
      const location = parseLocation(target.url);
      const db = await openOrCreateDatabase(location, { isCopyTarget: true });
      const { rows } = await sql<{ n: number }>`select count(*) as n from up_history`.execute(db);
      await db.destroy();
      return Number(rows[0]?.n);
    }

    async function expectAlike(): Promise<void> {
      const dumps = [source, target].map(async ({ url }) => {
        const db = await openAndMigrateDatabase(parseLocation(url));
        return await dumpAll(db).finally(() => db.destroy());
      });
      const [one, other] = await Promise.all(dumps);
      expect({ ...other, audit: [] }).toEqual({ ...one, audit: [] });
      expect(other?.audit?.length).toBe((one?.audit?.length ?? 0) + 1);
    }
  },
);

describe('fleet copy', () => {
  it('is refused while a server runs, and goes through once it was stopped', async () => {
    const installation = await createInstallation('sqlite');
    const target = await createTestDatabase('sqlite');
    const server = await installation.serve();
    const refused = await installation.fleet('copy', '--to', target.url);
    expect(refused).toMatchObject({
      code: 75,
      stderr: expect.stringMatching(/A server .*\nTry: /),
    });
    await server.stop();
    expect(await installation.fleet('copy', '--to', target.url)).toMatchObject({ code: 0 });
    const moved = { FLEET_DATABASE: target.url };
    expect((await runFleet(['audit', 'list'], { env: moved })).stdout).toContain('copy');
    await Promise.all([installation.drop(), target.drop()]);
  });
});

function readPassword(url: string): string {
  return URL.canParse(url) ? new URL(url).password : '';
}

function withoutPassword(url: string): string {
  return url.replace(`:${readPassword(url)}@`, '@');
}

async function addHistory(db: Kysely<Database>): Promise<void> {
  await sql`
    insert into up_history (customer, machine, software, started_at, ended_at, up_ms, beats,
      ended_by, episodes)
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})
    select 'many', 'machine', 'app', n, n, 1, 1, 'silence', 1 from numbers`.execute(db);
}
