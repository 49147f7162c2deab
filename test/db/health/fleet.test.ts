import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFleet } from '../../../src/db/health/fleet.ts';
import { readNode } from '../../../src/db/health/node.ts';
import { readStates, type StateScope } from '../../../src/db/health/states.ts';
import { readWatch } from '../../../src/db/health/watch.ts';
import { registerNode, stopNode, touchNode } from '../../../src/db/nodes.ts';
import type { Diagnostic } from '../../../src/db/schema.ts';
import { explainNode } from '../../../src/domain/health/reasons.ts';
import { isWatched } from '../../../src/domain/health/watch.ts';
import { DIALECTS } from '../../support/databases.ts';
import { addCustomer, createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';
import { insertInstance } from '../../support/fleet-rows.ts';
import { DAY, HOUR, MINUTE, T0 } from '../../support/instance-model.ts';

const CUSTOMERS = [
  { slug: 'alpha', overdue_after_ms: MINUTE },
  { slug: 'beta', overdue_after_ms: null },
];

describe.each(DIALECTS)('the current state of a fleet on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    const { db } = fleet;
    await addCustomer(db, 'alpha', { overdue_after_ms: MINUTE });
    await addCustomer(db, 'beta', { parent: 'alpha' });
    await addCustomer(db, 'gone', { parent: 'alpha', deactivated_at: T0 });
    await addCustomer(db, 'below-gone', { parent: 'gone' });
    await addCustomer(db, 'empty');
    const beating = { seenAtMs: T0, last_beat_at: T0, up_since: T0 };
    for (const path of ['alpha/pc-1/a', 'alpha/pc-1/b', 'alpha/pc-2/a', 'below-gone/pc-1/a']) {
      await insertInstance(db, path, beating);
    }
    await insertInstance(db, 'gone/pc-1/a', { ...beating, status: 'error' });
    const summary = { worst_code: 1, worst_text: 'expired', worst_since: T0 - DAY };
    const path = await insertInstance(db, 'beta/pc-1/a', {
      ...{ ...beating, ...summary, status: 'Degraded', status_since: T0 },
      ...{ open_warnings: 3, newest_warning_at: T0 },
    });
    await db
      .insertInto('instance_status')
      .values({ ...path, message: 'slow', snapshot: null })
      .execute();
    await db
      .insertInto('diagnostic')
      .values([warn(1, T0 - 2 * DAY), warn(2, T0 - HOUR), warn(3, T0)])
      .execute();
    await insertInstance(db, 'beta/pc-2/a', {
      ...{ ...beating, ...summary, open_warnings: 1, newest_warning_at: T0 - DAY - 1 },
    });
    const quiet = await insertInstance(db, 'beta/pc-3/a', { ...beating, status: 'running' });
    await db
      .insertInto('instance_status')
      .values({ ...quiet, message: 'fine', snapshot: null })
      .execute();

    function warn(code: number, lastAtMs: number): Diagnostic {
      const nothing = { context: null, acknowledged_at: null, acknowledged_by: null, note: null };
      const times = { opened_at: lastAtMs - HOUR, last_at: lastAtMs };
      const key = { customer: 'beta', machine: 'pc-1', software: 'a', code, module: '' };
      return { ...key, ...times, ...nothing, severity: 1, message: `warning ${code}`, count: 1 };
    }
  });

  afterAll(() => fleet.drop());

  async function readPages(scope: Partial<StateScope>) {
    const pages = [];
    const wanted = { customers: CUSTOMERS, nowMs: T0, ...scope };
    for await (const page of readStates(fleet.db, wanted)) pages.push(page);
    return pages;
  }

  const pathsOf = (states: Awaited<ReturnType<typeof readPages>>[number]) =>
    states.map(({ customer, machine, software }) => `${customer}/${machine}/${software}`);

  const ALL = [
    ...['alpha/pc-1/a', 'alpha/pc-1/b', 'alpha/pc-2/a'],
    ...['beta/pc-1/a', 'beta/pc-2/a', 'beta/pc-3/a'],
  ];

  it.each([1, 2, 3, 6, 7, 4_000])('comes in pages of %i, each instance once', async (pageRows) => {
    const pages = await readPages({ pageRows });
    expect(pages.flatMap(pathsOf)).toEqual(ALL);
    expect(Math.max(...pages.map(({ length }) => length))).toBe(Math.min(pageRows, ALL.length));
  });

  it('leaves out what other customers have, also where too many are asked for to be named', async () => {
    const many = Array.from({ length: 30 }, (_, at) => ({
      slug: `none-${at}`,
      overdue_after_ms: null,
    }));
    const pages = await readPages({ customers: [...many, ...CUSTOMERS], pageRows: 2 });
    expect(pages.flatMap(pathsOf)).toEqual(ALL);
    expect(await readPages({ customers: [] })).toEqual([]);
  });

  it.each([
    [{ machine: 'pc-1' }, ['alpha/pc-1/a', 'alpha/pc-1/b', 'beta/pc-1/a']],
    [{ machine: 'pc-1', software: 'b' }, ['alpha/pc-1/b']],
    [{ seenSinceMs: T0 + 1 }, []],
    [
      {
        range: {
          from: { customer: 'alpha', machine: 'pc-2' },
          to: { customer: 'beta', machine: 'pc-1' },
        },
      },
      ['alpha/pc-2/a', 'beta/pc-1/a'],
    ],
  ])('is narrowed to %j', async (scope, expected) => {
    expect((await readPages({ ...scope, pageRows: 1 })).flatMap(pathsOf)).toEqual(expected);
  });

  it('carries the limit of the customer, and what a device said with a bad word', async () => {
    const states = (await readPages({})).flat();
    expect(states.map((state) => state.customer_overdue_after_ms)).toEqual([
      ...[MINUTE, MINUTE, MINUTE],
      ...[null, null, null],
    ]);
    expect(states.map((state) => state.status_message)).toEqual([
      ...[null, null, null],
      ...['slow', null, null],
    ]);
  });

  it('knows of warnings only those that were repeated within 24 hours, and which is the worst of them', async () => {
    const [first, second] = (await readPages({ customers: CUSTOMERS.slice(1) })).flat();
    expect(first).toMatchObject({ open_warnings: 2, worst_code: 2, worst_text: 'warning 2' });
    expect(second).toMatchObject({ open_warnings: 0 });
    const [later] = (await readPages({ nowMs: T0 + DAY + 1 })).flat().slice(3);
    expect(later).toMatchObject({ open_warnings: 0 });
  });

  it('is judged as a tree without the deactivated customers', async () => {
    const { fleet: tree } = await readFleet(fleet.db, { nowMs: T0 });
    expect([...tree.customers.keys()]).toEqual(['alpha', 'below-gone', 'beta', 'empty']);
    expect(tree.roots.map(({ slug, light }) => [slug, light])).toEqual([
      ['alpha', 'yellow'],
      ['below-gone', 'green'],
      ['empty', 'grey'],
    ]);
  });

  it('is that of one customer with those below it, or of a deactivated one that is named', async () => {
    const of = async (customer: string) => {
      const reading = await readFleet(fleet.db, { customer, nowMs: T0 });
      return [...reading.fleet.customers.keys()];
    };
    expect(await of('alpha')).toEqual(['alpha', 'beta']);
    expect(await of('gone')).toEqual(['below-gone', 'gone']);
    expect(await of('nobody')).toEqual([]);
    const all = await readFleet(fleet.db, { includeDeactivated: true, nowMs: T0 });
    expect(all.fleet.customers.get('gone')?.light).toBe('red');
  });

  it('is told at any path, with its reasons', async () => {
    const path = { customer: 'beta', machine: 'pc-1' };
    const { node, watch } = await readNode(fleet.db, { path, nowMs: T0 });
    expect(explainNode(node, watch)).toEqual([
      { code: 'status_degraded', text: 'a: status Degraded: slow', since: T0 },
      { code: 'open_warnings', text: 'a: 2 warnings: 2 warning 2', since: T0 - 2 * HOUR },
    ]);
    const whole = await readNode(fleet.db, { nowMs: T0 });
    expect(whole.node).toMatchObject({ kind: 'fleet', light: 'yellow' });
    await expect(
      readNode(fleet.db, { path: { ...path, machine: 'pc-4' }, nowMs: T0 }),
    ).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('did you mean'),
    });
  });
});

describe.each(DIALECTS)('who listened on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());

  it('is nobody where no server ever ran', async () => {
    const watch = await readWatch(fleet.db, T0);
    expect(watch).toMatchObject({ watchedUntilMs: null, unobserved: [] });
    expect(isWatched(watch)).toBe(false);
  });

  it('is a server that showed itself within 15 seconds, with its default limit', async () => {
    const node = { node: 'one', nowMs: T0, overdueAfterMs: HOUR };
    await fleet.db.transaction().execute((trx) => registerNode(trx, node));
    const watch = await readWatch(fleet.db, T0 + 14_999);
    expect(watch).toMatchObject({ watchedUntilMs: T0 + 14_999, overdueAfterMs: HOUR });
    expect(isWatched(watch)).toBe(true);
  });

  it('ends with the last sign of life of a server that crashed, or with its stop', async () => {
    expect(await readWatch(fleet.db, T0 + 15_000)).toMatchObject({ watchedUntilMs: T0 });
    await stopNode(fleet.db, { node: 'one', nowMs: T0 + 5_000, listeningSinceMs: T0 });
    const watch = await readWatch(fleet.db, T0 + 6_000);
    expect(watch).toMatchObject({ watchedUntilMs: T0 + 5_000, overdueAfterMs: HOUR });
    expect(isWatched(watch)).toBe(false);
  });

  it('is another server that goes on, and a pause is remembered', async () => {
    const node = { node: 'two', nowMs: T0 + MINUTE, overdueAfterMs: MINUTE };
    await fleet.db.transaction().execute((trx) => registerNode(trx, node));
    const activity = { accepted: 0, refused: 0, notRecorded: 0 };
    const nowMs = T0 + HOUR;
    await touchNode(fleet.db, { ...node, nowMs, listeningSinceMs: T0 + MINUTE, activity });
    expect(await readWatch(fleet.db, nowMs)).toEqual({
      ...{ nowMs, watchedUntilMs: nowMs, overdueAfterMs: MINUTE },
      unobserved: [{ started_at: T0 + 5_000, ended_at: T0 + MINUTE }],
    });
  });
});
