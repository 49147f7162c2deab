import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthSchema } from '../../src/cli/schemas/health.ts';
import { machineSchema, softwareSchema } from '../../src/cli/schemas/software.ts';
import Health from '../../src/commands/health.ts';
import MachineList from '../../src/commands/machine/list.ts';
import MachineShow from '../../src/commands/machine/show.ts';
import MachineUpdate from '../../src/commands/machine/update.ts';
import SoftwareList from '../../src/commands/software/list.ts';
import SoftwareShow from '../../src/commands/software/show.ts';
import SoftwareUpdate from '../../src/commands/software/update.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { touchNode } from '../../src/db/nodes.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { addCustomer } from '../support/fleet-data.ts';
import { insertInstance } from '../support/fleet-rows.ts';
import { HOUR, MINUTE } from '../support/instance-model.ts';
import { runCommand } from '../support/run-command.ts';

const NOW = Date.now();
const MACHINES = 14;

describe.each(DIALECTS)('fleet health on %s', (dialect) => {
  let database: TestDatabase;

  // The commands go by the real clock, so a server lives for as long as the tests may take.
  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await addCustomer(db, 'calm', { name: 'Calm' });
    await addCustomer(db, 'my-company', { overdue_after_ms: 2 * HOUR });
    await addCustomer(db, 'plant', { parent: 'my-company' });
    await addCustomer(db, 'quiet');
    const beating = { seenAtMs: NOW, last_beat_at: NOW, up_since: NOW - HOUR };
    await insertInstance(db, 'calm/pc-1/app', beating);
    await insertInstance(db, 'my-company/pc-1/app', beating);
    await insertInstance(db, 'my-company/pc-1/gateway', {
      ...{ ...beating, last_beat_at: NOW - 3 * HOUR, status: 'error', status_since: NOW - HOUR },
    });
    await insertInstance(db, 'my-company/pc-2/app', { ...beating, status: 'degraded' });
    await insertInstance(db, 'my-company/pc-3/app');
    await insertInstance(db, 'my-company/pc-4/app', beating);
    for (let at = 0; at < MACHINES; at++) {
      const path = `plant/pc-${String(at).padStart(2, '0')}/app`;
      await insertInstance(db, path, { ...beating, status: 'degraded', status_since: NOW });
    }
    const path = { customer: 'my-company', machine: 'pc-1', software: 'gateway' };
    const message = 'no paper\u001b[31m\n';
    await db
      .insertInto('instance_status')
      .values({ ...path, message, snapshot: null })
      .execute();
    await live(db, NOW + HOUR);
    await db.destroy();
  });

  afterAll(() => database.drop());

  /** A server that shows itself at this instant. */
  async function live(db: Awaited<ReturnType<typeof openAndMigrateDatabase>>, nowMs: number) {
    const activity = { accepted: 0, refused: 0, notRecorded: 0 };
    const node = { node: 'one', nowMs, overdueAfterMs: 5 * MINUTE };
    await touchNode(db, { ...node, listeningSinceMs: NOW - HOUR, activity });
  }

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  const readJson = async (...argv: string[]) => {
    const { stdout, stderr, exit } = await run(Health, ...argv, '--json');
    expect(stderr).toBe('');
    return { exit, tree: healthSchema.parse(JSON.parse(stdout)) };
  };

  it('shows the worst first, why, and of what is green only how much there is', async () => {
    const { stdout, stderr, exit } = await run(Health);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    const lines = stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '✖ red     fleet  1 red, 15 yellow, 1 grey of 19 machines',
      '  ✖ red     my-company  1 red, 15 yellow, 1 grey of 18 machines',
      '    ✖ red     pc-1',
    ]);
    expect(lines[3]).toBe('      ✖ red     gateway');
    expect(lines[4]).toMatch(
      /^ {16}no heartbeat for 3 h( \d+ s)? \(limit 2 h\), since .*\d\d:\d\d \(3 h ago\)$/,
    );
    expect(lines[5]).toMatch(/^ {16}status error: no paper⏎, since .*\d\d:\d\d \(1 h ago\)$/);
    expect(lines[6]).toBe('      1 more instance: 1 green');
    expect(lines).toContain('    ○ grey    pc-3');
    expect(lines).toContain('    1 more machine: 1 green');
    expect(lines).toContain('  ○ grey    quiet  no machine has reported yet');
    expect(stdout).not.toContain('calm');
    expect(lines.slice(-2)).toEqual(['  1 more customer: 1 green', '']);
  });

  it('shows ten machines of a customer and counts the others; with --all everything', async () => {
    const usual = (await run(Health, 'plant')).stdout;
    expect(usual.match(/▲ yellow {2}pc-/g)).toHaveLength(10);
    expect(usual).toContain('  4 more machines: 4 yellow\n');
    const all = (await run(Health, '--all')).stdout;
    expect(all.match(/▲ yellow {2}pc-/g)).toHaveLength(MACHINES + 1);
    expect(all).toMatch(/✔ green {3}calm {2}1 machine\n/);
    expect(all).toMatch(/✔ green {3}app {2}last heartbeat .*\d\d:\d\d \(.+\)/);
    expect(all).not.toContain('more');
  });

  it('gives the whole tree as JSON, in the order of the names', async () => {
    const { tree, exit } = await readJson();
    expect(exit).toBe(0);
    expect(tree).toMatchObject({
      ...{ name: 'fleet', kind: 'fleet', health: 'red', server_running: true },
      machines: { red: 1, yellow: 15, green: 2, grey: 1 },
      reasons: [{ code: 'machines', text: '1 red, 15 yellow, 1 grey of 19 machines', since: null }],
      children: [{ name: 'calm' }, { name: 'my-company' }, { name: 'quiet', children: [] }],
    });
    expect(tree.watched_until).toBe(tree.at);
    const [calm, company] = tree.children;
    expect(calm).toEqual({
      ...{ name: 'calm', kind: 'customer', health: 'green', reasons: [] },
      machines: { red: 0, yellow: 0, green: 1, grey: 0 },
      children: [
        {
          ...{ name: 'pc-1', kind: 'machine', health: 'green', reasons: [] },
          children: [
            {
              ...{ name: 'app', kind: 'software', health: 'green', reasons: [], children: [] },
              last_heartbeat_at: new Date(NOW).toISOString(),
            },
          ],
        },
      ],
    });
    expect(company?.children.map(({ name, kind }) => [kind, name])).toEqual([
      ['customer', 'plant'],
      ...['pc-1', 'pc-2', 'pc-3', 'pc-4'].map((name) => ['machine', name]),
    ]);
    expect(company?.children[1]?.reasons).toEqual([
      { code: 'overdue', text: expect.stringMatching(/^gateway: /), since: expect.any(String) },
      {
        code: 'status_error',
        text: 'gateway: status error: no paper\u001b[31m\n',
        since: new Date(NOW - HOUR).toISOString(),
      },
    ]);
  });

  it.each([
    [['calm'], 'customer', 'green'],
    [['plant'], 'customer', 'yellow'],
    [['my-company/pc-2'], 'machine', 'yellow'],
    [['my-company/pc-1/gateway'], 'software', 'red'],
    [['my-company/pc-3/app'], 'software', 'grey'],
  ])('of %s begins with the %s that is %s', async (argv, kind, light) => {
    const { tree } = await readJson(...argv);
    expect(tree).toMatchObject({ name: argv[0]?.split('/').at(-1), kind, health: light });
    expect((await run(Health, ...argv)).stdout).toMatch(new RegExp(`^\\S ${light} `));
  });

  it('exits with 10 for anything red when asked, and is complete all the same', async () => {
    expect(await run(Health, 'my-company')).toMatchObject({ exit: 0 });
    const { stdout, exit } = await run(Health, 'my-company', '--exit-code');
    expect(exit).toBe(10);
    expect(stdout).toBe((await run(Health, 'my-company')).stdout);
    expect((await readJson('--exit-code')).exit).toBe(10);
    expect(await run(Health, 'plant', '--exit-code')).toMatchObject({ exit: 0 });
  });

  it.each([
    ['my-compnay', /no customer my-compnay; did you mean my-company\?/],
    ['my-company/pc-9', /no machine my-company\/pc-9; did you mean/],
    ['my-company/pc-1/gatway', /did you mean my-company\/pc-1\/gateway\?/],
  ])('refuses the unknown %s with a suggestion', async (path, message) => {
    const { stdout, stderr, exit } = await run(Health, path, '--exit-code');
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
    expect(stderr).toMatch(message);
  });

  it('narrows lists to lights, and says how many there are', async () => {
    const red = await run(MachineList, '--health', 'red,grey', '--json');
    expect(JSON.parse(red.stdout).items).toMatchObject([
      { machine: 'pc-1', health: 'red', reasons: [{ code: 'overdue' }, { code: 'status_error' }] },
      { machine: 'pc-3', health: 'grey', reasons: [{ code: 'no_heartbeat' }] },
    ]);
    const page = await run(SoftwareList, '--health', 'yellow', '--limit', '4');
    expect(page.stderr).toContain('4 of 15 shown');
    expect(page.stdout.match(/^▲ yellow /gm)).toHaveLength(4);
    expect(await run(MachineList, 'calm', '--health', 'red')).toMatchObject({
      ...{ stdout: '', stderr: 'Nothing matches.\n', exit: 0 },
    });
    const wrong = await run(MachineList, '--health', 'red,yelow');
    expect(wrong).toMatchObject({ stdout: '', exit: 2 });
    expect(wrong.stderr).toContain('There is no light "yelow"; did you mean yellow?');
  });

  it('sets limits, shows who has set them, and goes by them at once', async () => {
    const path = 'my-company/pc-1/gateway';
    const machine = await run(MachineUpdate, 'my-company/pc-1', '--overdue-after', '1d', '--json');
    expect(machineSchema.parse(JSON.parse(machine.stdout))).toMatchObject({
      ...{ machine: 'pc-1', overdue_after_seconds: 86_400 },
      reasons: [{ code: 'status_error' }],
    });
    expect((await run(MachineShow, 'my-company/pc-1')).stdout).toMatch(
      /^overdue after +1 d \(its own\)$/m,
    );
    expect((await run(SoftwareShow, path)).stdout).toMatch(
      /^health +✖ red\n +status error: no paper⏎, since .*\noverdue after +1 d \(of the machine\)$/m,
    );
    const software = await run(SoftwareUpdate, path, '--overdue-after', '10m');
    expect(software.stdout).toBe(`software       ${path}\noverdue after  10 m (its own)\n`);
    await run(MachineUpdate, 'my-company/pc-1', '--overdue-after', 'default');
    const back = await run(SoftwareUpdate, path, '--overdue-after', 'default', '--json');
    expect(softwareSchema.parse(JSON.parse(back.stdout))).toMatchObject({
      ...{ overdue_after_seconds: null, effective_overdue_after_seconds: 7_200, health: 'red' },
    });
    expect((await run(SoftwareShow, path)).stdout).toMatch(/2 h \(of the customer\)/);
    expect((await run(SoftwareShow, 'calm/pc-1/app')).stdout).toMatch(
      /5 m \(default of the server\)/,
    );
  });

  it.each([
    [MachineUpdate, ['my-company/pc-1'], 2, /--overdue-after is missing/],
    [MachineUpdate, ['my-company/pc-1', '--overdue-after', '5'], 2, /is not a duration/],
    [MachineUpdate, ['my-company/pc-1', '--overdue-after', '9s'], 2, /between 10s and 400d/],
    [MachineUpdate, ['my-company', '--overdue-after', '5m'], 2, /customer\/machine/],
    [MachineUpdate, ['my-company/pc-9', '--overdue-after', '5m'], 3, /did you mean/],
    [SoftwareUpdate, ['my-company/pc-1/ap', '--overdue-after', '5m'], 3, /did you mean .*\/app\?/],
  ])('refuses limits that cannot be set', async (command, argv, code, message) => {
    const { stdout, stderr, exit } = await run(command, ...argv);
    expect({ stdout, exit }).toEqual({ stdout: '', exit: code });
    expect(stderr).toMatch(message);
  });

  it('says that no server runs before it blames a device', async () => {
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await live(db, NOW - 2 * HOUR);
    const { stdout, stderr } = await run(Health, 'my-company', '--json');
    expect(stderr).toMatch(/^No server has run since .*\(2 h ago\): .* Try: fleet serve\n$/);
    const tree = healthSchema.parse(JSON.parse(stdout));
    expect(tree).toMatchObject({
      server_running: false,
      watched_until: new Date(NOW - 2 * HOUR).toISOString(),
    });
    await db.deleteFrom('node').execute();
    expect((await run(Health)).stderr).toMatch(/^No server has run yet.* Try: fleet serve\n$/);
    expect(JSON.parse((await run(Health, '--json')).stdout)).toMatchObject({
      ...{ server_running: false, watched_until: null },
    });
    await db.destroy();
  });
});
