import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ForgetRequest,
  type Forgotten,
  forgetInSteps,
} from '../../../src/db/forget/forget.ts';
import {
  type ForgetLevel,
  findUnseenSince,
  listForgetTargets,
  type TargetFilter,
} from '../../../src/db/forget/targets.ts';
import { registerNode, stopNode } from '../../../src/db/nodes.ts';
import type { MessageKind } from '../../../src/protocol/messages.ts';
import { DIALECTS } from '../../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  countRows,
  createContext,
  createFleetDatabase,
  dumpCustomer,
  type FleetDatabase,
  reasonOf,
} from '../../support/fleet-data.ts';
import { DAY, HOUR, T0 } from '../../support/instance-model.ts';

const CHANGE = { nowMs: T0 + 100 * DAY, actor: 'ada' };

/** Messages that leave a row in each table of an instance: two episodes of everything, one closed. */
const LIFE: readonly (readonly [number, MessageKind, object])[] = [
  [0, 'heartbeat', { version: '1', hostname: 'line-3', ips: ['10.0.0.5'] }],
  [0, 'status', { status: 'running', snapshot: { cpu: 1 } }],
  [0, 'diagnostics', { items: [{ code: 1, message: 'a', severity: 2 }] }],
  [HOUR, 'heartbeat', { version: '2' }],
  [HOUR, 'status', { status: 'stopped' }],
  [HOUR, 'diagnostics', { items: [{ code: 1, message: 'b', severity: 1 }] }],
];

describe.each(DIALECTS)('forgetting on %s', (dialect) => {
  let fleet: FleetDatabase;
  let customers = 0;
  let customer: string;
  let neighbour: string;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    customers += 1;
    customer = await addCustomer(fleet.db, `customer-${customers}`);
    neighbour = await addCustomer(fleet.db, `neighbour-${customers}`);
  });

  /** Lets each path live through `LIFE`, the last message an hour after `atMs`. */
  async function live(paths: readonly string[], { of = customer, atMs = T0 } = {}) {
    const { token } = await addToken(fleet.db, of);
    const context = createContext(fleet.db, { clock: () => atMs });
    for (const path of paths) {
      for (const [afterMs, kind, payload] of LIFE) {
        const options = { path: `${of}/${path}`, payload, receivedAtMs: atMs + afterMs };
        expect(reasonOf(await commitOne(context, buildRequest(token, kind, options)))).toBe(
          'accepted',
        );
      }
    }
  }

  async function forget(request: ForgetRequest): Promise<Forgotten & { steps: number }> {
    const all = { machines: [], software: [], steps: 0 } as Forgotten & { steps: number };
    for await (const { machines, software } of forgetInSteps(fleet.db, request, CHANGE)) {
      all.machines.push(...machines);
      all.software.push(...software);
      all.steps += 1;
    }
    return all;
  }

  const list = (level: ForgetLevel, filter: TargetFilter) =>
    listForgetTargets(fleet.db, level, filter);

  async function forgetOne(level: ForgetLevel, path: string) {
    const [machine, software] = path.split('/');
    return await forget({ level, targets: await list(level, { customer, machine, software }) });
  }

  async function forgetUnseen(level: ForgetLevel, unseenSinceMs: number) {
    const targets = await list(level, { customer, unseenSinceMs });
    return await forget({ level, targets, unseenSinceMs });
  }

  const listAudit = async () => {
    const rows = await fleet.db
      .selectFrom('audit')
      .selectAll()
      .where('customer', '=', customer)
      .orderBy('action', 'desc')
      .execute();
    return rows.map(({ id: _, detail, ...row }) => ({
      ...row,
      detail: JSON.parse(detail ?? '{}'),
    }));
  };

  const readMachines = async () => {
    const { machine, machine_count } = await dumpCustomer(fleet.db, customer);
    const entries = machine as { machine: string; instances: number }[];
    return {
      machines: Object.fromEntries(entries.map((row) => [row.machine, row.instances])),
      count: (machine_count as { machines: number }[])[0]?.machines,
    };
  };

  it('a machine removes every row of it, and no other one', async () => {
    await live(['press-1/app', 'press-1/web', 'press-10/app']);
    await live(['press-1/app'], { of: neighbour });
    const before = await dumpCustomer(fleet.db, neighbour);
    const filled = Object.values(await countRows(fleet.db, customer));
    expect(Math.min(...filled)).toBeGreaterThan(0);
    expect(await forgetOne('machine', 'press-1')).toMatchObject({
      machines: [{ customer, machine: 'press-1', instances: 2 }],
      software: [{ software: 'app' }, { software: 'web' }],
    });
    const dump = await dumpCustomer(fleet.db, customer);
    expect(JSON.stringify(dump)).not.toContain('"press-1"');
    for (const rows of Object.values(dump)) expect(rows.length).toBeGreaterThan(0);
    expect(await readMachines()).toEqual({ machines: { 'press-10': 1 }, count: 1 });
    expect(await dumpCustomer(fleet.db, neighbour)).toEqual(before);
  });

  it('software removes every row of it, and leaves its machine to the others', async () => {
    await live(['press-1/app', 'press-1/app-2']);
    const { machines, software } = await forgetOne('software', 'press-1/app');
    expect({ machines, software }).toEqual({
      machines: [],
      software: [{ customer, machine: 'press-1', software: 'app' }],
    });
    expect(JSON.stringify(await dumpCustomer(fleet.db, customer))).not.toContain('"app"');
    expect(await readMachines()).toEqual({ machines: { 'press-1': 1 }, count: 1 });
  });

  it('the last software of a machine takes the machine along', async () => {
    await live(['press-1/app', 'press-2/app']);
    expect(await forgetOne('software', 'press-1/app')).toMatchObject({
      machines: [{ machine: 'press-1' }],
    });
    expect(await readMachines()).toEqual({ machines: { 'press-2': 1 }, count: 1 });
  });

  it('is no ban: what is heard again begins anew, without its overrides', async () => {
    await live(['press-1/app']);
    await fleet.db.updateTable('machine').set({ overdue_after_ms: 1 }).execute();
    await fleet.db.updateTable('instance').set({ overdue_after_ms: 1 }).execute();
    await forgetOne('machine', 'press-1');
    await live(['press-1/app'], { atMs: T0 + DAY });
    const { instance, machine } = await dumpCustomer(fleet.db, customer);
    const first_seen_at = T0 + DAY;
    expect(machine).toMatchObject([{ first_seen_at, overdue_after_ms: null, instances: 1 }]);
    expect(instance).toMatchObject([
      { first_seen_at, overdue_after_ms: null, machine_overdue_after_ms: null, beats: 1 },
    ]);
    expect((await readMachines()).count).toBe(1);
  });

  it('is audited by name and with what went along, in bulk by step and with every name', async () => {
    await live(['press-1/app', 'press-2/app', 'press-2/web']);
    await forgetOne('software', 'press-2/web');
    await forgetUnseen('machine', T0 + DAY);
    const { nowMs: at, actor } = CHANGE;
    expect(await listAudit()).toEqual([
      {
        ...{ at, actor, action: 'software forget', customer, subject: `${customer}/press-2/web` },
        detail: { machines: 0, software: 1 },
      },
      {
        ...{ at, actor, action: 'machine forget', customer, subject: customer },
        detail: {
          ...{ machines: 2, software: 2, not_seen_since: new Date(T0 + DAY).toISOString() },
          forgotten: [`${customer}/press-1`, `${customer}/press-2`],
        },
      },
    ]);
  });

  it('what is gone already is nothing, and no entry of the audit trail', async () => {
    await live(['press-1/app']);
    const targets = await list('machine', { customer });
    await forget({ level: 'machine', targets });
    const again = await forget({ level: 'machine', targets });
    expect(again).toMatchObject({ machines: [], software: [] });
    expect(await listAudit()).toHaveLength(1);
    expect(await readMachines()).toEqual({ machines: {}, count: 0 });
  });

  describe('what was not seen', () => {
    const since = T0 + 10 * DAY;

    beforeEach(async () => {
      await live(['old/app', 'mixed/app']);
      await live(['mixed/web', 'new/app'], { atMs: since });
    });

    it('takes the machines of which no software was seen', async () => {
      const { machines } = await forgetUnseen('machine', since);
      expect(machines.map(({ machine }) => machine)).toEqual(['old']);
      expect(await readMachines()).toEqual({ machines: { mixed: 2, new: 1 }, count: 2 });
    });

    it('takes the software that was not seen, and the machines that it leaves empty', async () => {
      const { machines, software } = await forgetUnseen('software', since);
      expect(software.map(({ machine, software: app }) => `${machine}/${app}`)).toEqual([
        'mixed/app',
        'old/app',
      ]);
      expect(machines.map(({ machine }) => machine)).toEqual(['old']);
      expect(await readMachines()).toEqual({ machines: { mixed: 1, new: 1 }, count: 2 });
    });

    it.each(['machine', 'software'] as const)(
      'leaves a %s that comes back at that moment',
      async (level) => {
        const targets = await list(level, { customer, unseenSinceMs: since });
        await live(['old/app'], { atMs: since });
        const { machines, software } = await forget({ level, targets, unseenSinceMs: since });
        expect(machines).toEqual([]);
        expect(software.map(({ machine }) => machine)).toEqual(
          level === 'machine' ? [] : ['mixed'],
        );
        expect((await readMachines()).machines).toHaveProperty('old', 1);
      },
    );

    it('is at the instant itself not seen since', async () => {
      const last = T0 + HOUR;
      expect(await list('machine', { customer, unseenSinceMs: last })).toHaveLength(1);
      expect(await list('machine', { customer, unseenSinceMs: last - 1 })).toEqual([]);
      expect(await list('software', { customer, unseenSinceMs: last })).toHaveLength(2);
      expect(await list('software', { customer, unseenSinceMs: last - 1 })).toEqual([]);
    });

    it('of a deactivated customer is meant only where the customer is named', async () => {
      await fleet.db
        .updateTable('customer')
        .set({ deactivated_at: T0 })
        .where('slug', '=', customer)
        .execute();
      for (const level of ['machine', 'software'] as const) {
        const everywhere = await list(level, { unseenSinceMs: since });
        expect(everywhere.filter((each) => each.customer === customer)).toEqual([]);
        expect(await list(level, { customer, unseenSinceMs: since })).not.toEqual([]);
      }
    });
  });

  it('many go in steps that hold the locks for a bounded number of instances', async () => {
    const paths = Array.from({ length: 24 }, (_, at) => `press-${10 + (at >> 1)}/app-${at % 2}`);
    const { token } = await addToken(fleet.db, customer);
    for (const path of paths) {
      const request = buildRequest(token, 'heartbeat', { path: `${customer}/${path}` });
      await commitOne(createContext(fleet.db), request);
    }
    const { steps, machines } = await forgetUnseen('machine', T0);
    expect({ steps, machines: machines.length }).toEqual({ steps: 2, machines: 12 });
    const sizes = (await listAudit()).map(({ detail }) => detail.software);
    expect(sizes.sort()).toEqual([20, 4]);
  });
});

describe.each(DIALECTS)('silence on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());

  let listeningSinceMs: number;

  const start = async (atMs: number) => {
    listeningSinceMs = atMs;
    await fleet.db
      .transaction()
      .execute((trx) => registerNode(trx, { node: 'one', nowMs: atMs, overdueAfterMs: 300_000 }));
  };
  const stop = (atMs: number) => stopNode(fleet.db, { node: 'one', nowMs: atMs, listeningSinceMs });

  it('does not count while no server listens', async () => {
    const now = T0 + 100 * DAY;
    expect(await findUnseenSince(fleet.db, 5 * DAY, now)).toBe(now - 5 * DAY);
    await start(T0);
    await stop(T0 + 50 * DAY);
    expect(await findUnseenSince(fleet.db, 5 * DAY, now)).toBe(T0 + 45 * DAY);
    await start(now - 3 * DAY);
    await stop(now);
    expect(await findUnseenSince(fleet.db, 3 * DAY, now)).toBe(now - 3 * DAY);
    expect(await findUnseenSince(fleet.db, 5 * DAY, now)).toBe(T0 + 48 * DAY);
  });
});
