import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAudit } from '../../src/db/audit.ts';
import { inTransaction } from '../../src/db/change.ts';
import { setMachineOverdue, setSoftwareOverdue } from '../../src/db/overdue-limits.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  createFleetDatabase,
  dumpCustomer,
  type FleetDatabase,
} from '../support/fleet-data.ts';
import { insertInstance } from '../support/fleet-rows.ts';
import { HOUR, MINUTE, T0 } from '../support/instance-model.ts';

const CHANGE = { nowMs: T0, actor: 'ada' };

describe.each(DIALECTS)('overdue limits on %s', (dialect) => {
  let fleet: FleetDatabase;
  let customers = 0;
  let customer: string;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    customer = await addCustomer(fleet.db, `customer-${++customers}`);
    for (const path of ['pc-1/a', 'pc-1/b', 'pc-2/a']) {
      await insertInstance(fleet.db, `${customer}/${path}`);
    }
  });

  const setMachine = (machine: string, overdueAfterMs: number | null) =>
    inTransaction(fleet.db, (trx) =>
      setMachineOverdue(trx, { customer, machine, overdueAfterMs }, CHANGE),
    );

  const setSoftware = (path: string, overdueAfterMs: number | null) => {
    const [machine = '', software = ''] = path.split('/');
    return inTransaction(fleet.db, (trx) =>
      setSoftwareOverdue(trx, { customer, machine, software, overdueAfterMs }, CHANGE),
    );
  };

  /** Of each instance its own limit, then the copy of its machine's. */
  async function readLimits() {
    const { machine, instance } = (await dumpCustomer(fleet.db, customer)) as unknown as {
      machine: { machine: string; overdue_after_ms: number | null }[];
      instance: Record<string, unknown>[];
    };
    return {
      machines: machine.map((row) => row.overdue_after_ms),
      software: instance.map((row) => [row.overdue_after_ms, row.machine_overdue_after_ms]),
    };
  }

  const readAudit = async () => (await listAudit(fleet.db, { customer }, {})).items;

  it('of a machine are those of its instances at once, and of no other', async () => {
    expect(await setMachine('pc-1', HOUR)).toMatchObject({
      ...{ machine: 'pc-1', overdue_after_ms: HOUR, effective_overdue_after_ms: HOUR },
    });
    expect(await readLimits()).toEqual({
      machines: [HOUR, null],
      software: [
        [null, HOUR],
        [null, HOUR],
        [null, null],
      ],
    });
    await setMachine('pc-1', null);
    expect((await readLimits()).software).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('of an instance go before that of its machine', async () => {
    await setMachine('pc-1', HOUR);
    expect(await setSoftware('pc-1/b', MINUTE)).toMatchObject({
      ...{ software: 'b', overdue_after_ms: MINUTE, effective_overdue_after_ms: MINUTE },
    });
    expect((await readLimits()).software[1]).toEqual([MINUTE, HOUR]);
    expect(await setSoftware('pc-1/b', null)).toMatchObject({ effective_overdue_after_ms: HOUR });
  });

  it('are audited when they change, and only then', async () => {
    await setMachine('pc-1', HOUR);
    await setMachine('pc-1', HOUR);
    await setSoftware('pc-1/a', null);
    await setSoftware('pc-1/a', MINUTE);
    const entries = (await readAudit()).map(({ action, subject, actor, detail }) => ({
      ...{ action, subject, actor, detail },
    }));
    // In one millisecond they have no order.
    expect(entries.toSorted((one, two) => (one.action < two.action ? -1 : 1))).toEqual([
      {
        ...{ action: 'machine update', subject: `${customer}/pc-1`, actor: 'ada' },
        detail: JSON.stringify({ overdue_after_ms: HOUR }),
      },
      {
        ...{ action: 'software update', subject: `${customer}/pc-1/a`, actor: 'ada' },
        detail: JSON.stringify({ overdue_after_ms: MINUTE }),
      },
    ]);
  });

  it.each([9_999, 400 * 24 * HOUR + 1])('may not be %i ms', async (limitMs) => {
    const refusal = { code: 'usage', message: expect.stringContaining('between 10s and 400d') };
    await expect(setMachine('pc-1', limitMs)).rejects.toMatchObject(refusal);
    await expect(setSoftware('pc-1/a', limitMs)).rejects.toMatchObject(refusal);
    await setMachine('pc-1', 10_000);
  });

  it('are refused for what there is not, with what was probably meant', async () => {
    await expect(setMachine('pc-3', HOUR)).rejects.toMatchObject({
      ...{ code: 'not_found', message: expect.stringContaining(`did you mean ${customer}/pc-`) },
    });
    await expect(setSoftware('pc-2/b', HOUR)).rejects.toMatchObject({ code: 'not_found' });
    const stranger = { customer: 'nobody', machine: 'pc-1', overdueAfterMs: HOUR };
    await expect(
      inTransaction(fleet.db, (trx) => setMachineOverdue(trx, stranger, CHANGE)),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await dumpCustomer(fleet.db, 'nobody')).toMatchObject({ machine_count: [] });
    expect(await readAudit()).toEqual([]);
  });
});
