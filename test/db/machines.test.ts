import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { countMachines, getMachine, listMachines } from '../../src/db/machines.ts';
import { explainMissingPath } from '../../src/db/paths.ts';
import type { Database } from '../../src/db/schema.ts';
import { countSoftware, getSoftware, listSoftware } from '../../src/db/software.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { insertCustomers, insertInstance } from '../support/fleet-rows.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 10 * DAY_MS;

describe.each(DIALECTS)('machines and software on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['alpha', 'beta'], { deactivated: ['gone'] });
    await insertInstance(db, 'alpha/pc-1/app', {
      ...{ seenAtMs: 100, last_seen_at: 500, up_since: 200, last_beat_at: 500, version: '1.0' },
      ...{ uptime_seconds: 1.5, pid: 7, clock_skew_ms: -20, status: 'Running', status_since: 300 },
      ...{ open_errors: 2, acknowledged_errors: 1, open_warnings: 2, two_senders_at: 450 },
      newest_warning_at: NOW_MS - DAY_MS,
    });
    await insertInstance(db, 'alpha/pc-1/other', { seenAtMs: 900 });
    await insertInstance(db, 'alpha/pc_2/app', { seenAtMs: 50 });
    await insertInstance(db, 'beta/pc-1/app', { seenAtMs: 50 });
    await insertInstance(db, 'gone/pc-1/app', { seenAtMs: 50 });
    const path = { customer: 'alpha', machine: 'pc-1', software: 'app' };
    const ips = '["10.0.0.5","fe80::1"]';
    await db
      .insertInto('instance_host')
      .values({ ...path, ips, hostname: 'Line-3.local', os: 'Linux' })
      .execute();
    await db
      .insertInto('instance_status')
      .values({ ...path, message: 'fine', snapshot: '{"cpu":45}' })
      .execute();
    const diagnostic = { ...path, module: '', severity: 1, message: 'm', context: null, count: 1 };
    const open = { opened_at: 0, acknowledged_at: null, acknowledged_by: null, note: null };
    await db
      .insertInto('diagnostic')
      .values([
        { ...diagnostic, ...open, code: 1, last_at: NOW_MS - DAY_MS },
        { ...diagnostic, ...open, code: 2, last_at: NOW_MS - DAY_MS - 1 },
        { ...diagnostic, ...open, code: 3, last_at: 0, severity: 2 },
        { ...diagnostic, ...open, code: 4, last_at: 0, severity: 2, acknowledged_at: 1 },
      ])
      .execute();
  });

  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  it('lists machines by key, with the newest word of their instances', async () => {
    expect(await listMachines(db, { nowMs: NOW_MS })).toMatchObject({
      items: [
        machine('alpha', 'pc-1', { software_count: 2, first_seen_at: 100, last_seen_at: 900 }),
        machine('alpha', 'pc_2'),
        machine('beta', 'pc-1'),
      ],
      next_cursor: null,
    });
  });

  it('hides the machines of deactivated customers unless they are asked for', async () => {
    expect(await countMachines(db, {})).toBe(3);
    expect(await countMachines(db, { includeDeactivated: true })).toBe(4);
    expect(await countMachines(db, { customer: 'gone' })).toBe(0);
    expect(await countSoftware(db, {})).toBe(4);
    expect(await countSoftware(db, { includeDeactivated: true })).toBe(5);
  });

  it.each([
    ['PC-1', ['alpha/pc-1', 'beta/pc-1']],
    ['line-3', ['alpha/pc-1']],
    ['10.0.0', ['alpha/pc-1']],
    ['pc_', ['alpha/pc_2']],
    ['%', []],
    ["'", []],
  ])('searches slug, host name and addresses for %s', async (search, expected) => {
    const { items } = await listMachines(db, { search, nowMs: NOW_MS });
    expect(items.map(({ customer, machine }) => `${customer}/${machine}`)).toEqual(expected);
    const found = await listSoftware(db, { search, nowMs: NOW_MS });
    expect(found.items.length > 0).toBe(expected.length > 0);
  });

  it('goes on where the page before ended', async () => {
    const filter = { nowMs: NOW_MS };
    const first = await listMachines(db, filter, { limit: 1 });
    expect(first.total).toBe(3);
    const behind = first.next_cursor ?? undefined;
    const second = await listMachines(db, filter, { limit: 5, cursor: behind });
    expect(second.total).toBeNull();
    expect([...first.items, ...second.items]).toEqual((await listMachines(db, filter)).items);
    const paths: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSoftware(db, { nowMs: NOW_MS }, { limit: 1, cursor });
      paths.push(...page.items.map((item) => `${item.customer}/${item.machine}/${item.software}`));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(paths).toEqual([
      'alpha/pc-1/app',
      'alpha/pc-1/other',
      'alpha/pc_2/app',
      'beta/pc-1/app',
    ]);
  });

  it('gives everything that is known of an instance', async () => {
    const path = { customer: 'alpha', machine: 'pc-1', software: 'app' };
    expect(await getSoftware(db, path, NOW_MS)).toMatchObject({
      ...path,
      ...{ version: '1.0', uptime_seconds: 1.5, pid: 7, hostname: 'Line-3.local', os: 'Linux' },
      ...{
        ips: ['10.0.0.5', 'fe80::1'],
        up_since: 200,
        last_beat_at: 500,
        clock_skew_ms: -20,
      },
      ...{ status: 'Running', status_message: 'fine', status_since: 300, snapshot: { cpu: 45 } },
      ...{ open_errors: 2, acknowledged_errors: 1, open_warnings: 1, two_senders_at: 450 },
      ...{ first_seen_at: 100, last_seen_at: 500 },
    });
  });

  it('says null for what an instance has not told', async () => {
    const path = { customer: 'alpha', machine: 'pc-1', software: 'other' };
    expect(await getSoftware(db, path, NOW_MS)).toMatchObject({
      ...{ ips: null, hostname: null, snapshot: null, status: null, up_since: null, version: null },
      ...{ open_errors: 0, open_warnings: 0 },
    });
  });

  it('gives a machine of a deactivated customer to whoever names it', async () => {
    const gone = { customer: 'gone', machine: 'pc-1' };
    expect(await getMachine(db, gone, NOW_MS)).toMatchObject(machine('gone', 'pc-1'));
    expect(await getMachine(db, { ...gone, machine: 'pc-2' }, NOW_MS)).toBeUndefined();
  });

  it.each([
    [{ customer: 'alhpa' }, 'There is no customer alhpa; did you mean alpha?'],
    [{ customer: 'alhpa', machine: 'pc-1' }, 'There is no customer alhpa; did you mean alpha?'],
    [
      { customer: 'beta', machine: 'pc-2' },
      'There is no machine beta/pc-2; did you mean beta/pc-1?',
    ],
    [{ customer: 'beta', machine: 'zzz' }, 'There is no machine beta/zzz.'],
    [
      { customer: 'beta', machine: 'pc-1', software: 'ap' },
      'There is no software beta/pc-1/ap; did you mean beta/pc-1/app?',
    ],
  ])('explains that %j is missing', async (wanted, message) => {
    expect(await explainMissingPath(db, wanted)).toMatchObject({
      message,
      code: 'not_found',
      hint: `fleet why ${Object.values(wanted).join('/')}`,
    });
  });

  function machine(customer: string, name: string, changes = {}) {
    const seen = { software_count: 1, first_seen_at: 50, last_seen_at: 50 };
    return { customer, machine: name, ...seen, ...changes };
  }
});
