import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditListSchema } from '../../src/cli/schemas/audit.ts';
import { machineForgottenSchema, softwareForgottenSchema } from '../../src/cli/schemas/forget.ts';
import AuditList from '../../src/commands/audit/list.ts';
import MachineForget from '../../src/commands/machine/forget.ts';
import MachineList from '../../src/commands/machine/list.ts';
import SoftwareForget from '../../src/commands/software/forget.ts';
import SoftwareList from '../../src/commands/software/list.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { insertCustomers, insertInstance } from '../support/fleet-rows.ts';
import { runCommand } from '../support/run-command.ts';

const DAY_MS = 86_400_000;

describe.each(DIALECTS)('fleet machine forget and software forget on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    for (const table of ['instance', 'machine', 'machine_count', 'audit', 'customer'] as const) {
      await db.deleteFrom(table).execute();
    }
    await insertCustomers(db, ['my-company', 'other'], { deactivated: ['gone'] });
    await insert('my-company/pc-1/gateway', 100);
    await insert('my-company/pc-1/agent', 1);
    await insert('my-company/pc-2/gateway', 100);
    await insert('my-company/pc-3/gateway', 1);
    await insert('other/pc-1/gateway', 100);
    await insert('gone/pc-1/gateway', 100);
  });

  const insert = (path: string, daysAgo: number) =>
    insertInstance(db, path, { seenAtMs: Date.now() - daysAgo * DAY_MS });

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  const forgetMachines = async (...argv: string[]) =>
    machineForgottenSchema.parse(JSON.parse((await run(MachineForget, ...argv, '--json')).stdout));
  const forgetSoftware = async (...argv: string[]) =>
    softwareForgottenSchema.parse(
      JSON.parse((await run(SoftwareForget, ...argv, '--json')).stdout),
    );

  const listLeft = async () => {
    const { stdout } = await run(SoftwareList, '--all', '--json');
    const { items } = JSON.parse(stdout) as { items: Record<string, string>[] };
    return items.map(({ customer, machine, software }) => `${customer}/${machine}/${software}`);
  };

  it('forgets a machine with its software, and says so in the shape that is published', async () => {
    expect(await forgetMachines('my-company/pc-1', '--yes')).toEqual({
      forgotten: [{ customer: 'my-company', machine: 'pc-1', software_count: 2 }],
      ...{ not_seen_since: null, dry_run: false },
    });
    expect(await listLeft()).toEqual([
      'gone/pc-1/gateway',
      'my-company/pc-2/gateway',
      'my-company/pc-3/gateway',
      'other/pc-1/gateway',
    ]);
  });

  it('forgets software, and the machine with its last', async () => {
    expect(await forgetSoftware('my-company/pc-1/agent', '--yes')).toEqual({
      forgotten: [{ customer: 'my-company', machine: 'pc-1', software: 'agent' }],
      ...{ machines: [], not_seen_since: null, dry_run: false },
    });
    const last = await run(SoftwareForget, 'my-company/pc-1/gateway', '--yes');
    expect(last).toMatchObject({ exit: 0, stderr: '' });
    expect(last.stdout).toBe(
      'forgot my-company/pc-1/gateway\nforgot my-company/pc-1 (its last software)\n',
    );
    const machines = JSON.parse((await run(MachineList, 'my-company', '--json')).stdout);
    expect(machines.items).toHaveLength(2);
  });

  it('forgets in bulk what was not seen, of active customers unless one is named', async () => {
    const all = await run(MachineForget, '--not-seen-for', '90d', '--yes');
    expect(all.stdout).toBe(
      'forgot my-company/pc-2 (1 instance)\nforgot other/pc-1 (1 instance)\n',
    );
    expect(all.stderr).toMatch(/^2 machines not seen since .+ \(90 d ago\)\.\n$/);
    expect((await forgetMachines('--not-seen-for', '90d', '--yes')).forgotten).toEqual([]);
    expect((await forgetMachines('--not-seen-for', '90d', 'gone', '--yes')).forgotten).toHaveLength(
      1,
    );
    const { items } = auditListSchema.parse(
      JSON.parse((await run(AuditList, '--customer', 'other', '--json')).stdout),
    );
    expect(items).toMatchObject([
      { action: 'machine forget', subject: 'other', detail: { machines: 1, software: 1 } },
    ]);
  });

  it('forgets software in bulk, also below one machine', async () => {
    const below = await forgetSoftware('--not-seen-for', '90d', 'my-company/pc-1', '--yes');
    expect(below).toMatchObject({
      forgotten: [{ machine: 'pc-1', software: 'gateway' }],
      machines: [],
      not_seen_since: expect.stringMatching(/Z$/),
    });
    const rest = await forgetSoftware('--not-seen-for', '90d', 'my-company', '--yes');
    expect(rest).toMatchObject({
      forgotten: [{ machine: 'pc-2' }],
      machines: [{ machine: 'pc-2' }],
    });
  });

  it('shows with --dry-run exactly what would go, and changes nothing', async () => {
    const before = await listLeft();
    for (const argv of [['my-company/pc-1'], ['--not-seen-for', '90d', 'my-company']]) {
      const dry = await forgetMachines(...argv, '--dry-run');
      expect(await listLeft()).toEqual(before);
      expect(dry.dry_run).toBe(true);
      expect(dry.forgotten).toHaveLength(1);
    }
    const people = await run(SoftwareForget, 'my-company/pc-2/gateway', '--dry-run');
    expect(people.stdout).toBe(
      'would forget my-company/pc-2/gateway\nwould forget my-company/pc-2 (its last software)\n',
    );
    const dry = await forgetSoftware('--not-seen-for', '90d', '--dry-run');
    expect(await db.selectFrom('audit').selectAll().execute()).toEqual([]);
    expect({ ...(await forgetSoftware('--not-seen-for', '90d', '--yes')), dry_run: true }).toEqual({
      ...dry,
      not_seen_since: expect.any(String),
    });
  });

  it.each([
    [MachineForget, ['my-company/pc-9'], /There is no machine my-company\/pc-9; did you mean/],
    [MachineForget, ['my-compnay/pc-1'], /did you mean my-company\?/],
    [SoftwareForget, ['my-company/pc-1/agnt'], /did you mean my-company\/pc-1\/agent\?/],
    [MachineForget, ['my-compnay', '--not-seen-for=90d'], /did you mean my-company\?/],
    [SoftwareForget, ['other/pc-9', '--not-seen-for=90d'], /There is no machine other\/pc-9/],
    [MachineForget, ['my-company/pc-9', '--dry-run'], /There is no machine/],
  ])('refuses an unknown path with a suggestion: %o %j', async (command, argv, message) => {
    const { stdout, stderr, exit } = await run(command, ...argv, '--yes');
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
    expect(stderr).toMatch(message);
    expect(await db.selectFrom('machine_count').selectAll().execute()).toEqual([]);
  });

  const BULK = 'or in bulk: fleet';
  it.each([
    [MachineForget, [], `${BULK} machine forget --not-seen-for 90d my-company`],
    [SoftwareForget, [], `${BULK} software forget --not-seen-for 90d my-company`],
    [
      MachineForget,
      ['my-company/pc-1', '--not-seen-for', '90d'],
      `Try: fleet machine forget my-company/pc-1, ${BULK} machine forget --not-seen-for 90d my-company\n`,
    ],
    [
      SoftwareForget,
      ['my-company/pc-1/agent', '--not-seen-for', '90d'],
      `${BULK} software forget --not-seen-for 90d my-company/pc-1\n`,
    ],
    [MachineForget, ['my-company'], 'customer/machine'],
    [MachineForget, ['--not-seen-for', '0s'], 'above 0'],
    [MachineForget, ['--not-seen-for', '90'], '90s'],
  ])(
    'says what to type where it is not clear what is meant: %o %j',
    async (command, argv, text) => {
      const { stdout, stderr, exit } = await run(command, ...argv, '--yes');
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
      expect(stderr).toContain(text);
      expect(await listLeft()).toHaveLength(6);
    },
  );

  it('changes nothing without --yes where nobody can be asked', async () => {
    await insert('my-company/kept/app', 100);
    const { exit, stderr } = await run(MachineForget, 'my-company/kept');
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('--yes') });
    const list = await run(MachineForget, 'my-company/kept', '--yes');
    expect(list.stdout).toContain('forgot my-company/kept');
  });

  it('ends at Ctrl-C after a step, and says what is done', async () => {
    for (let at = 0; at < 60; at++) await insert(`other/old-${at}/app`, 100);
    const interrupt = async (...argv: string[]) => {
      const emit = () => process.emit('SIGINT');
      const timer = setInterval(() => process.listenerCount('SIGINT') > 0 && emit(), 1);
      try {
        return await run(MachineForget, '--not-seen-for', '90d', 'other', '--yes', ...argv);
      } finally {
        clearInterval(timer);
      }
    };
    const { stdout, stderr, exit } = await interrupt();
    expect(exit).toBe(130);
    expect(stdout.trimEnd().split('\n')).toHaveLength(20);
    expect(stderr).toMatch(/Interrupted: 20 of 61 forgotten; run it again for the rest\.\n$/);
    const json = await interrupt('--json');
    expect(json.exit).toBe(130);
    expect(machineForgottenSchema.parse(JSON.parse(json.stdout)).forgotten).toHaveLength(20);
    expect((await forgetMachines('--not-seen-for=90d', 'other', '--yes')).forgotten).toHaveLength(
      21,
    );
  });
});
