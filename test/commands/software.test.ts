import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  machineListSchema,
  machineShownSchema,
  softwareListSchema,
  softwareSchema,
  softwareShownSchema,
} from '../../src/cli/schemas/software.ts';
import MachineList from '../../src/commands/machine/list.ts';
import MachineShow from '../../src/commands/machine/show.ts';
import SoftwareList from '../../src/commands/software/list.ts';
import SoftwareShow from '../../src/commands/software/show.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { insertCustomers, insertInstance } from '../support/fleet-rows.ts';
import { runCommand } from '../support/run-command.ts';

const SEEN_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;

describe.each(DIALECTS)('fleet machine and fleet software on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['my-company', 'quiet'], { deactivated: ['gone'] });
    const path = await insertInstance(db, 'my-company/pc-1/gateway', {
      ...{ seenAtMs: SEEN_MS, status: 'running\u001b[31m', status_since: SEEN_MS, version: '1.2' },
      ...{
        up_since: SEEN_MS,
        last_beat_at: SEEN_MS,
        uptime_seconds: 3600.5,
        clock_skew_ms: 90_000,
      },
      ...{ open_errors: 2, acknowledged_errors: 1 },
      ...{ worst_code: 7, worst_text: 'disk failure', worst_since: SEEN_MS },
    });
    await insertInstance(db, 'my-company/pc-1/agent');
    await insertInstance(db, 'my-company/pc-2/gateway');
    await insertInstance(db, 'gone/pc-1/gateway');
    await db
      .insertInto('instance_status')
      .values({ ...path, message: 'up\u202e', snapshot: '{"cpu":45,"net":{"rx":"\u009b1"}}' })
      .execute();
    await db
      .insertInto('instance_host')
      .values({ ...path, ips: '["10.0.0.5","fe80::1"]', hostname: 'line-3', os: 'Linux' })
      .execute();
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  it('lists machines in the shape that is published', async () => {
    const { stdout, stderr, exit } = await run(MachineList, '--json');
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    expect(machineListSchema.parse(JSON.parse(stdout)).items).toEqual([
      {
        ...{ customer: 'my-company', machine: 'pc-1', software_count: 2, health: 'red' },
        reasons: [
          {
            code: 'open_errors',
            text: 'gateway: 1 unacknowledged error: 7 disk failure',
            since: '2026-01-02T03:04:05.000Z',
          },
          { code: 'acknowledged_errors', text: 'gateway: 1 acknowledged error', since: null },
        ],
        ...{ overdue_after_seconds: null, effective_overdue_after_seconds: 300 },
        first_seen_at: '2026-01-02T03:04:05.000Z',
        last_seen_at: '2026-01-02T03:04:05.000Z',
      },
      expect.objectContaining({ customer: 'my-company', machine: 'pc-2' }),
    ]);
  });

  it('lists those of deactivated customers when asked, and says so when not', async () => {
    const all = await run(MachineList, '--all', '--json');
    expect(JSON.parse(all.stdout).items).toHaveLength(3);
    const named = await run(MachineList, 'gone');
    expect(named).toMatchObject({ stdout: '', exit: 0 });
    expect(named.stderr).toContain('--all');
    const software = await run(SoftwareList, 'gone/pc-1', '--all', '--json');
    expect(JSON.parse(software.stdout).items).toHaveLength(1);
  });

  it('shows machines and instances for people, one row each', async () => {
    const machines = (await run(MachineList)).stdout.split('\n');
    expect(machines[0]).toMatch(/^HEALTH +MACHINE +SOFTWARE +LAST SEEN +FIRST SEEN +WHY$/);
    expect(machines[1]).toMatch(
      /^✖ red +my-company\/pc-1 +2 +\d+ d ago .* gateway: 1 unacknowledged/,
    );
    const software = (await run(SoftwareList, 'my-company/pc-1')).stdout;
    expect(software).toMatch(/^○ grey +my-company\/pc-1\/agent +- .* no heartbeat yet$/m);
    expect(software).toMatch(/^✖ red +my-company\/pc-1\/gateway +running +\d+ d ago +1\.2 /m);
    expect(software).not.toContain('pc-2');
  });

  it('shows a machine with its software', async () => {
    const { stdout } = await run(MachineShow, 'my-company/pc-1', '--json');
    const shown = machineShownSchema.parse(JSON.parse(stdout));
    expect(shown.software.map(({ software }) => software)).toEqual(['agent', 'gateway']);
    const people = (await run(MachineShow, 'my-company/pc-1')).stdout;
    expect(people).toMatch(/last seen +2026-01-0/);
    expect(people).toMatch(/^✖ red +gateway +running /m);
  });

  it('shows an instance in the shape of the list, and what was', async () => {
    const path = 'my-company/pc-1/gateway';
    const shown = softwareShownSchema.parse(
      JSON.parse((await run(SoftwareShow, path, '--json')).stdout),
    );
    const list = JSON.parse((await run(SoftwareList, '--json')).stdout);
    expect(softwareListSchema.parse(list).items).toContainEqual(
      softwareSchema.strip().parse(shown),
    );
    expect(shown).toMatchObject({
      ...{ ips: ['10.0.0.5', 'fe80::1'], hostname: 'line-3', os: 'Linux', uptime_seconds: 3600.5 },
      ...{ status_message: 'up\u202e', snapshot: { cpu: 45, net: { rx: '\u009b1' } } },
      ...{ last_heartbeat_at: '2026-01-02T03:04:05.000Z', clock_skew_ms: 90_000 },
    });
    expect(shown).toMatchObject({ health: 'red', effective_overdue_after_seconds: 300 });
  });

  it('shows an instance for people, the snapshot last and nothing that a terminal obeys', async () => {
    const { stdout } = await run(SoftwareShow, 'my-company/pc-1/gateway');
    expect(stdout).toMatch(/clock +1 m 30 s ahead/);
    expect(stdout).toMatch(/open errors +2 \(1 acknowledged\)/);
    expect(stdout).toMatch(/addresses +10\.0\.0\.5, fe80::1/);
    expect(stdout).toContain('snapshot\n  {\n    "cpu": 45,\n');
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });

  it.each([
    [MachineShow, 'my-company/pc-3', /did you mean my-company\/pc-1\?/],
    [MachineShow, 'my-compnay/pc-1', /no customer my-compnay; did you mean my-company\?/],
    [SoftwareShow, 'my-company/pc-1/gatway', /did you mean my-company\/pc-1\/gateway\?/],
    [MachineList, 'my-compnay', /did you mean my-company\?/],
    [SoftwareList, 'my-company/pc-9', /There is no machine my-company\/pc-9/],
  ])(
    'refuses an unknown path with a suggestion and the way to the log',
    async (command, path, message) => {
      const { stdout, stderr, exit } = await run(command, path);
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/Try: fleet why my-/);
    },
  );

  it.each([
    [MachineShow, 'my-company', /customer\/machine/],
    [SoftwareShow, 'My Company/pc-1/app', /Did you mean "my-company"\?/],
    [SoftwareList, 'a/b/c', /customer or customer\/machine/],
  ])('refuses what is no path', async (command, path, message) => {
    const { stderr, exit } = await run(command, path);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('sends whoever waits for a first message to the rejection log', async () => {
    const { stdout, stderr, exit } = await run(MachineList, 'quiet', '--json');
    expect({ list: JSON.parse(stdout), exit }).toEqual({
      list: { items: [], next_cursor: null },
      exit: 0,
    });
    expect(stderr).toContain('fleet why quiet');
    expect((await run(MachineList, '--search', 'zzz')).stderr).toBe('Nothing matches.\n');
  });

  it('goes on where a page ended', async () => {
    const first = await run(SoftwareList, '--limit', '2', '--json');
    expect(first.stderr).toContain('2 of 3 shown');
    const { next_cursor } = JSON.parse(first.stdout);
    const second = await run(SoftwareList, '--cursor', next_cursor, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({
      items: [{ machine: 'pc-2' }],
      next_cursor: null,
    });
  });
});
