import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whySchema } from '../../src/cli/schemas/why.ts';
import Why from '../../src/commands/why.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { clearScene, playScene, type Scene, TOKEN } from '../support/scene.ts';

const EVIL = 'pc\u001b]0;title\u0007\n\u202eevil';
const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;

describe('fleet why', () => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    db = await openAndMigrateDatabase(parseLocation(database.url));
  });
  afterEach(() => clearScene(db));
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  async function why(scene: Scene, ...argv: string[]) {
    await playScene(db, scene);
    return await runCommand(Why, argv, { database: database.url });
  }

  it('answers in one sentence, then shows why, then says what to do', async () => {
    const { stdout, stderr, exit } = await why({ rejections: [{ count: 3 }] }, 'my-company/pc-1');
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    const [verdict = '', known = '', next = ''] = stdout.trimEnd().split('\n\n');
    expect(verdict).toMatch(/^○ No server has run for \d+ d/);
    expect(known).toMatch(/^last accepted {2}never$/m);
    expect(known).toMatch(
      /^refused {8}.* token_unknown ×3 my-company\/pc-1\/app\/heartbeat from /m,
    );
    expect(known).toMatch(/^token {10}AbCdEfGh of my-company, never expires, never used$/m);
    expect(known).toMatch(/^server {9}last seen /m);
    expect(next).toMatch(/^Next:\n {2}1\. Start it again\.\n {5}fleet serve\n {2}2\. /);
  });

  it('answers as JSON in the shape that is published', async () => {
    const instances = { 'my-company/pc-1/app': {}, 'my-company/pc-1/watchdog': {} };
    const { stdout } = await why({ instances, rejections: [{}] }, 'my-company/pc-1', '--json');
    const answer = whySchema.parse(JSON.parse(stdout));
    expect(answer).toMatchObject({
      ...{ path: 'my-company/pc-1', verdict_code: 'no_server', health: 'green', reasons: [] },
      worst: 'my-company/pc-1/app',
      token: { id: TOKEN, state: 'active', successor: null },
    });
    expect(answer.rejections).toHaveLength(1);
    expect(answer.next_steps[0]).toEqual({ text: 'Start it again.', command: 'fleet serve' });
  });

  it('repeats in each command where the database is', async () => {
    await playScene(db, { tokens: [], rejections: [{ reason: 'token_missing' }] });
    const argv = ['my-company', '--database', database.url, '--json'];
    const { stdout } = await runCommand(Why, argv, { database: '/nonexistent/fleet.db' });
    const { next_steps, rejections } = whySchema.parse(JSON.parse(stdout));
    const where = `--database ${database.url}`;
    expect(next_steps[1]?.command).toBe(`fleet config show ${where}`);
    expect(rejections[0]?.command).toBe(`fleet token create my-company ${where}`);
  });

  it('answers for what is no path where a device posted under just that', async () => {
    const rejections = [{ reason: 'invalid_slug', customer: 'My-Company', machine: 'PC1' }];
    const answered = await why({ rejections }, 'My-Company/PC1');
    expect(answered.exit).toBe(0);
    const { stdout, stderr, exit } = await runCommand(Why, ['My-Company/PC2'], {
      database: database.url,
    });
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
    expect(stderr).toMatch(/"My-Company" is not a slug\. Did you mean "my-company"\?/);
  });

  it.each(['a/b/c/d', '/pc-1', 'my-company//app', ''])('refuses "%s" as no path', async (path) => {
    const { stdout, stderr, exit } = await why({}, path);
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
    expect(stderr).toContain(
      'is not of the form customer or customer/machine or customer/machine/software',
    );
  });

  it('prints nothing that a terminal obeys, whatever a device sent', async () => {
    const endpoint = `/api/ingest/${EVIL}`;
    const rejections = [{ software: EVIL, endpoint, address: EVIL, detail: EVIL }];
    const { stdout } = await why({ rejections }, 'my-company/pc-1');
    expect(stdout).toContain('evil');
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });
});
