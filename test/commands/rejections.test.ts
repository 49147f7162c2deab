import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  rejectionListSchema,
  rejectionSchema,
  rejectionsClearedSchema,
} from '../../src/cli/schemas/rejection.ts';
import RejectionsClear from '../../src/commands/rejections/clear.ts';
import RejectionsList from '../../src/commands/rejections/list.ts';
import RejectionsShow from '../../src/commands/rejections/show.ts';
import RejectionsTail from '../../src/commands/rejections/tail.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { type RecordedRejection, writeRejections } from '../../src/db/rejections/write.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { insertCustomers } from '../support/fleet-rows.ts';
import { createRejection } from '../support/rejections.ts';
import { runCommand } from '../support/run-command.ts';

const EVIL = 'pc\u001b]0;title\u0007\n\u202eevil';

const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;

describe.each(DIALECTS)('fleet rejections on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['my-company']);
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  afterEach(async () => {
    await db.deleteFrom('rejection').execute();
    await db.deleteFrom('node').execute();
  });

  async function write(...changes: Partial<RecordedRejection>[]): Promise<void> {
    const now = Date.now();
    const rows = changes.map((change, index) =>
      createRejection({ digest: `d${index}`, first_at: now, last_at: now, ...change }),
    );
    const limits = { maxRows: 1000, maxBytes: 1e9 };
    await db.transaction().execute((trx) => writeRejections(trx, rows, { nowMs: now, limits }));
  }

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  it('lists as JSON in the shape that is published, nothing else on stdout', async () => {
    await write(
      { token_id: 'AbCdEfGh', token_customer: 'my-company', reason: 'token_expired' },
      {
        customer: '',
        machine: '',
        software: '',
        endpoint: '/heartbeat',
        reason: 'unknown_endpoint',
      },
    );
    const { stdout, stderr, exit } = await run(RejectionsList, '--json');
    const list = rejectionListSchema.parse(JSON.parse(stdout));
    expect({ stderr, exit, next: list.next_cursor }).toEqual({ stderr: '', exit: 0, next: null });
    const expired = list.items.find(({ reason }) => reason === 'token_expired');
    expect(expired).toMatchObject({
      ...{ customer: 'my-company', token_id: 'AbCdEfGh', token_customer: 'my-company' },
      command: 'fleet token create my-company',
      hint: expect.stringMatching(/device: fleet token create my-company$/),
    });
    const unknown = list.items.find(({ reason }) => reason === 'unknown_endpoint');
    expect(unknown).toMatchObject({ customer: null, machine: null, token_id: null, command: null });
  });

  it('lists for people in lines that can be searched, with nothing that a terminal obeys', async () => {
    await write({ machine: EVIL, count: 7 });
    const { stdout } = await run(RejectionsList);
    const [header = '', line = '', ...rest] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^WHEN +COUNT +REASON +PATH +ADDRESS +ID +NEXT$/);
    expect(line).toMatch(
      /now\) +7 +token_unknown +my-company\/pc.*evil\/app\/heartbeat +192\.0\.2\.1 /,
    );
    expect(line).toMatch(/fleet token import my-company$/);
    expect(rest).toEqual([]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });

  it('shows a page and says how to go on', async () => {
    await write({}, {}, {});
    const first = await run(RejectionsList, '--limit', '2', '--json');
    expect(first.stderr).toMatch(/^2 of 3 shown; go on with --cursor \S+\n$/);
    const page = JSON.parse(first.stdout);
    const second = await run(RejectionsList, '--cursor', page.next_cursor, '--json');
    const ids = [...page.items, ...JSON.parse(second.stdout).items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it('filters with AND between flags and OR within a list', async () => {
    await write(
      { detail: 'a', machine: 'pc-1' },
      { detail: 'b', machine: 'pc-2' },
      { detail: 'c', machine: 'pc-2', address: '2001:db8::1' },
      { detail: 'd', machine: 'pc-2', first_at: 0, last_at: 0 },
    );
    const list = async (...argv: string[]) => {
      const { stdout } = await run(RejectionsList, ...argv, '--json');
      return (JSON.parse(stdout).items as { detail: string }[]).map(({ detail }) => detail).sort();
    };
    expect(await list('--machine', 'pc-1,pc-2')).toEqual(['a', 'b', 'c', 'd']);
    expect(await list('--machine', 'pc-2', '--since', '15m')).toEqual(['b', 'c']);
    expect(await list('--machine=pc-2', '--address=192.0.2.1', '--since=15m')).toEqual(['b']);
    expect(await list('--address', '2001:DB8::1')).toEqual(['c']);
    expect(await list('--reason', 'token_missing, token_unknown')).toHaveLength(4);
    expect(await list('--customer', 'other')).toEqual([]);
  });

  it.each([
    [['--reason', 'token_unkown'], /did you mean token_unknown\?/],
    [['--reason', ','], /The list is empty/],
    [['--since', '15'], /15m/],
    [['--limit', '0'], /whole number/],
    [['--cursor', 'nonsense'], /cursor/],
  ])('refuses %j with an example', async (argv, message) => {
    const { stdout, stderr, exit } = await run(RejectionsList, ...argv);
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
    expect(stderr).toMatch(message);
  });

  it('says on stderr what the log leaves out, and that nothing matches', async () => {
    const node = { node: 'a', listening_since: 0, last_alive_at: 0, stopped_at: null };
    await db
      .insertInto('node')
      .values({ ...node, accepted: 0, refused: 9, overdue_after_ms: 300_000, not_recorded: 5 })
      .execute();
    const { stdout, stderr } = await run(RejectionsList, '--json');
    expect(JSON.parse(stdout)).toEqual({ items: [], next_cursor: null });
    expect(stderr).toContain('No request was refused that matches.');
    expect(stderr).toContain('5 more refusals were not recorded');
  });

  it('shows everything about one, the payload indented and the next step last', async () => {
    const errors = [{ path: 'items[0].severity', message: 'must be 0, 1 or 2' }];
    await write({
      ...{ reason: 'invalid_payload', http_status: 422, errors: JSON.stringify(errors) },
      ...{ token_id: 'AbCdEfGh', token_customer: 'my-company', detail: `bad ${EVIL}` },
      payload:
        '{"items": [{"code": 12345678901234567890, "code": 2, "x": []}], "m": "a\u202eb\u009b"}',
    });
    const listed = JSON.parse((await run(RejectionsList, '--json')).stdout).items[0];
    const { stdout } = await run(RejectionsShow, listed.id.toUpperCase());
    expect(stdout).toContain('invalid_payload (422 Invalid payload)');
    expect(stdout).toContain('AbCdEfGh of my-company');
    expect(stdout).toMatch(/items\[0\]\.severity +must be 0, 1 or 2/);
    expect(stdout).toContain(
      '        "code": 12345678901234567890,\n        "code": 2,\n        "x": []\n',
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^To be corrected on the device/);
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
    const json = await run(RejectionsShow, listed.id, '--json');
    expect(rejectionSchema.parse(JSON.parse(json.stdout))).toEqual(listed);
  });

  it('ends a page for people with the command to copy', async () => {
    await write({ reason: 'token_missing', payload: 'not\njson\u001b[2J' });
    const { id } = JSON.parse((await run(RejectionsList, '--json')).stdout).items[0];
    const { stdout } = await run(RejectionsShow, id);
    expect(stdout).toContain('payload\n  not\n  json\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Try: fleet token create my-company');
  });

  it('suggests the id that was meant', async () => {
    await write({});
    const { id } = JSON.parse((await run(RejectionsList, '--json')).stdout).items[0];
    const { stderr, exit } = await run(RejectionsShow, `${id.slice(0, -1)}!`);
    expect(exit).toBe(3);
    expect(stderr).toContain(`did you mean ${id}?`);
  });

  it('clears what matches, and says how much', async () => {
    await write({ machine: 'pc-1' }, { machine: 'pc-2' }, { machine: 'pc-3' });
    const one = await run(RejectionsClear, '--machine', 'pc-2', '--yes', '--json');
    expect(rejectionsClearedSchema.parse(JSON.parse(one.stdout))).toEqual({ cleared: 1 });
    const rest = await run(RejectionsClear, '--yes');
    expect(rest).toEqual({ stdout: '', stderr: 'Cleared 2 rejections.\n', exit: 0 });
  });

  it('follows: the last ones, then new and repeated ones, until interrupted', async () => {
    await write({ detail: 'old', last_at: Date.now() - 1_000 }, { detail: 'before' });
    const steps: Record<number, () => Promise<unknown>> = {
      1: () => write({ digest: 'new', detail: 'new', machine: EVIL }),
      2: () => write({ digest: 'new', detail: 'again', count: 4 }),
      3: () =>
        write({ digest: 'other', customer: 'neighbour' }, { digest: 'last', detail: 'last' }),
      4: async () => process.emit('SIGINT'),
    };
    let done = 0;
    const options = {
      database: database.url,
      onOutput: (stdout: string) => {
        const lines = stdout.split('\n').length - 1;
        for (; done < lines; done++) void steps[done + 1]?.();
      },
    };
    const argv = ['-n', '1', '--customer', 'my-company', '--json'];
    const { stdout, stderr, exit } = await runCommand(RejectionsTail, argv, options);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 130 });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => rejectionSchema.parse(JSON.parse(line)));
    expect(lines.map(({ detail, count }) => `${detail} ${count}`)).toEqual([
      'before 1',
      'new 1',
      'again 5',
      'last 1',
    ]);
    expect(lines[2]?.id).toBe(lines[1]?.id);
  });

  it('follows for people in one line each', async () => {
    await write({ machine: EVIL, count: 3 });
    const options = { database: database.url, onOutput: () => void process.emit('SIGINT') };
    const { stdout, exit } = await runCommand(RejectionsTail, [], options);
    expect(exit).toBe(130);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d .* {2}×3 {2}token_unknown {2}my-company\/pc[^\n]*\n$/);
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });
});
