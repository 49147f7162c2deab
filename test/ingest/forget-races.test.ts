import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetInSteps } from '../../src/db/forget/forget.ts';
import { type ForgetLevel, listForgetTargets } from '../../src/db/forget/targets.ts';
import { lockInstances } from '../../src/db/ingest/rows.ts';
import type { Database } from '../../src/db/schema.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  createContext,
  createFleetDatabase,
  dumpCustomer,
  type FleetDatabase,
  reasonOf,
} from '../support/fleet-data.ts';
import { holdLocks, waitForWaiting } from '../support/held-locks.ts';
import { T0 } from '../support/instance-model.ts';

const CHANGE = { nowMs: T0, actor: 'ada' };

describe.each(DIALECTS)('forgetting beside ingest on %s', (dialect) => {
  let fleet: FleetDatabase;
  let other: Kysely<Database>;
  let customers = 0;
  let customer: string;
  let token: string;

  // Two SQLite connections of one thread would wait for each other: there they take turns on one.
  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    other = dialect === 'postgres' ? await fleet.connect() : fleet.db;
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    customer = await addCustomer(fleet.db, `customer-${++customers}`);
    ({ token } = await addToken(fleet.db, customer));
  });

  const beat = (path: string) => buildRequest(token, 'heartbeat', { path: `${customer}/${path}` });

  const report = (path: string, code: number) =>
    buildRequest(token, 'diagnostics', {
      path: `${customer}/${path}`,
      payload: { items: [{ code, severity: 2, message: '' }] },
    });

  const commit = async (requests: readonly IngestRequest[], limits = {}) => {
    const context = createContext(fleet.db, { limits: { ...DEFAULT_INGEST_LIMITS, ...limits } });
    return (await commitBatch(context, requests)).map(reasonOf);
  };

  /** Forgets all machines or software of the customer, or of these machines. */
  async function forgetAll(level: ForgetLevel, machines?: readonly string[]): Promise<void> {
    const all = await listForgetTargets(other, level, { customer });
    const targets = all.filter(({ machine }) => machines?.includes(machine) ?? true);
    for await (const _ of forgetInSteps(other, { level, targets }, CHANGE));
    // Also where there was nothing: others get their turn.
    await new Promise(setImmediate);
  }

  /** What the counts say, beside what there is. */
  async function readCounts() {
    const dump = await dumpCustomer(fleet.db, customer);
    const machines = dump.machine as { machine: string; instances: number }[];
    const instances = dump.instance as { machine: string; software: string }[];
    const paths = instances.map(({ machine, software }) => `${machine}/${software}`);
    const orphans = [dump.instance_host, dump.instance_status, dump.diagnostic]
      .flat()
      .map((row) => row as { machine: string; software: string })
      .filter(({ machine, software }) => !paths.includes(`${machine}/${software}`));
    return {
      paths,
      orphans,
      counted: {
        machines: (dump.machine_count as { machines: number }[])[0]?.machines,
        instances: Object.fromEntries(machines.map((row) => [row.machine, row.instances])),
      },
      existing: {
        machines: machines.length,
        instances: Object.fromEntries(
          [...Map.groupBy(instances, ({ machine }) => machine)].map(([machine, of]) => [
            machine,
            of.length,
          ]),
        ),
      },
    };
  }

  it.each(['machine', 'software'] as const)(
    'keeps the counts of each %s exact, and the limits, while devices register again and again',
    async (level) => {
      const limits = { machinesPerCustomer: 12, instancesPerMachine: 2 };
      const paths = Array.from({ length: 45 }, (_, at) => `press-${at % 15}/app-${at % 2}`);
      const more = paths.map((path) => `${path}-more`);
      let isOver = false;
      const devices = [0, 1, 2].map(async (device) => {
        for (let round = 0; round < 12; round++) {
          const own = [...paths, ...more].filter((_, at) => (at + round) % 3 === device);
          const requests = own.map((path, at) => (at % 2 ? beat(path) : report(path, round)));
          expect(await commit(requests, limits)).toContain('instance_limit_reached');
          const { machine } = await dumpCustomer(fleet.db, customer);
          expect(machine.length).toBeLessThanOrEqual(12);
        }
      });
      const operator = (async () => {
        while (!isOver) await forgetAll(level, ['press-0', 'press-1', 'press-2']);
      })();
      await Promise.all(devices).finally(() => {
        isOver = true;
      });
      await operator;
      const { counted, existing, orphans } = await readCounts();
      expect({ counted, orphans }).toEqual({ counted: existing, orphans: [] });
      await forgetAll('machine');
      expect((await readCounts()).counted).toEqual({ machines: 0, instances: {} });
      const again = await commit(
        Array.from({ length: 13 }, (_, at) => beat(`new-${at}/app`)),
        limits,
      );
      expect(again.filter((outcome) => outcome === 'accepted')).toHaveLength(12);
    },
  );

  it('misses nothing that was acknowledged after it', async () => {
    const paths = Array.from({ length: 30 }, (_, at) => `press-${at}/app`);
    for (let round = 0; round < 5; round++) {
      await Promise.all([commit(paths.map(beat)), forgetAll('machine')]);
      await commit(paths.map(beat));
      const { paths: stored, counted, existing } = await readCounts();
      expect(stored.toSorted()).toEqual(paths.toSorted());
      expect(counted).toEqual(existing);
    }
  });

  // On SQLite there is one write lock, behind which one of the two waits from its beginning.
  if (dialect === 'sqlite') return;

  describe('where both are under way', () => {
    it('a batch that waits for an instance which is forgotten under it registers it anew', async () => {
      await commit([beat('press-1/app'), beat('press-2/app')]);
      const key = { customer, machine: 'press-1', software: 'app' };
      const lock = await holdLocks(fleet.db, (trx) => lockInstances(trx, [key]));
      const forgetting = forgetAll('machine');
      await waitForWaiting(fleet.db, 1);
      const committing = commit([beat('press-2/app'), beat('press-1/app')]);
      await waitForWaiting(fleet.db, 2);
      await lock.release();
      await forgetting;
      expect(await committing).toEqual(['accepted', 'accepted']);
      const { paths, counted, existing } = await readCounts();
      expect({ paths, counted }).toEqual({
        paths: ['press-1/app', 'press-2/app'],
        counted: existing,
      });
    });

    it('waits for a batch that holds an instance, and then sees what it brought', async () => {
      await commit([beat('press-1/app')]);
      const key = { customer, machine: 'press-1', software: 'app' };
      const lock = await holdLocks(fleet.db, async (trx) => {
        await lockInstances(trx, [key]);
        await trx
          .updateTable('instance')
          .set({ last_seen_at: T0 + 1 })
          .where('customer', '=', customer)
          .execute();
      });
      const targets = await listForgetTargets(other, 'machine', { customer });
      const request = { level: 'machine', targets, unseenSinceMs: T0 } as const;
      const forgetting = forgetInSteps(other, request, CHANGE).next();
      await waitForWaiting(fleet.db, 1);
      await lock.release();
      expect((await forgetting).value).toEqual({ machines: [], software: [], left: 0 });
      expect((await readCounts()).counted).toEqual({ machines: 1, instances: { 'press-1': 1 } });
    });
  });
});
