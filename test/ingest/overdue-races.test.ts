import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/change.ts';
import { lockMachineCounts } from '../../src/db/ingest/machine-counts.ts';
import { setMachineOverdue, setSoftwareOverdue } from '../../src/db/overdue-limits.ts';
import type { Database } from '../../src/db/schema.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import { createInstance } from '../../src/ingest/transitions/state.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../support/fleet-data.ts';
import { holdLocks, waitForWaiting } from '../support/held-locks.ts';
import { HOUR, T0 } from '../support/instance-model.ts';

const CHANGE = { nowMs: T0, actor: 'ada' };
const CUSTOMER = 'my-company';
const MACHINES = ['press-0', 'press-1', 'press-2'];
const ROUNDS = 30;

describe.each(DIALECTS)('overdue limits that change beside ingest on %s', (dialect) => {
  let fleet: FleetDatabase;
  let others: Kysely<Database>[];
  let token: string;

  // Two SQLite connections of one thread would wait for each other: there they take turns on one.
  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    const connect = () => (dialect === 'postgres' ? fleet.connect() : fleet.db);
    others = [await connect(), await connect()];
    await addCustomer(fleet.db, CUSTOMER);
    ({ token } = await addToken(fleet.db, CUSTOMER));
  });
  afterAll(() => fleet.drop());

  /** Software that is known and software that registers, on all machines, in another order each time. */
  async function report(device: number): Promise<void> {
    const context = createContext(fleet.db);
    for (let round = 0; round < ROUNDS; round++) {
      const requests = MACHINES.flatMap((machine) =>
        [`known-${device}`, `new-${device}-${round}`].map((software) =>
          buildRequest(token, round % 2 ? 'heartbeat' : 'status', {
            path: `${CUSTOMER}/${machine}/${software}`,
            payload: round % 2 ? {} : { status: `word-${round}` },
          }),
        ),
      );
      const outcomes = await commitBatch(context, round % 3 ? requests : requests.toReversed());
      expect(outcomes.map(reasonOf)).toEqual(requests.map(() => 'accepted'));
    }
  }

  async function operate(db: Kysely<Database>, offset: number): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const machine = MACHINES[(round + offset) % MACHINES.length] ?? '';
      const target = { customer: CUSTOMER, machine, overdueAfterMs: HOUR + round * 2 + offset };
      await inTransaction(db, (trx) => setMachineOverdue(trx, target, CHANGE));
      const software = { ...target, software: `known-${offset}` };
      await inTransaction(db, (trx) => setSoftwareOverdue(trx, software, CHANGE));
      // Also on one connection: others get their turn.
      await new Promise(setImmediate);
    }
  }

  it('reach every instance, registered before, after or meanwhile, and lose no message', async () => {
    const first = MACHINES.flatMap((machine) =>
      [0, 1].map((device) =>
        buildRequest(token, 'heartbeat', { path: `${CUSTOMER}/${machine}/known-${device}` }),
      ),
    );
    await commitBatch(createContext(fleet.db), first);
    await Promise.all([...[0, 1].map(report), ...others.map((db, offset) => operate(db, offset))]);
    const rows = await fleet.db
      .selectFrom('instance')
      .innerJoin('machine', 'machine.machine', 'instance.machine')
      .select(['instance.machine', 'machine.overdue_after_ms', 'machine_overdue_after_ms'])
      .execute();
    expect(rows).toHaveLength(MACHINES.length * 2 * (ROUNDS + 1));
    for (const row of rows) expect(row.machine_overdue_after_ms).toBe(row.overdue_after_ms);
    const known = await fleet.db
      .selectFrom('instance')
      .select('overdue_after_ms')
      .where('software', 'like', 'known-%')
      .execute();
    expect(known.every(({ overdue_after_ms }) => (overdue_after_ms ?? 0) >= HOUR)).toBe(true);
  });

  // On SQLite there is one write lock, behind which one of the two waits from its beginning.
  if (dialect === 'sqlite') return;

  it('wait for a registration that has read the limit of before, and reach it as well', async () => {
    await commitBatch(createContext(fleet.db), [
      buildRequest(token, 'heartbeat', { path: `${CUSTOMER}/lathe/app` }),
    ]);
    const path = { customer: CUSTOMER, machine: 'lathe', software: 'new' };
    const registration = await holdLocks(
      fleet.db,
      (trx) => lockMachineCounts(trx, [CUSTOMER]),
      (trx) =>
        trx
          .insertInto('instance')
          .values(createInstance(path, { receivedAtMs: T0, tokenId: 'AbCdEfGh' }))
          .execute(),
    );
    const setting = inTransaction(others[0] as Kysely<Database>, (trx) =>
      setMachineOverdue(trx, { ...path, overdueAfterMs: HOUR }, CHANGE),
    );
    await Promise.race([waitForWaiting(fleet.db, 1), setting]);
    await registration.release();
    expect(await setting).toMatchObject({ overdue_after_ms: HOUR });
    const rows = await fleet.db
      .selectFrom('instance')
      .select(['software', 'machine_overdue_after_ms'])
      .where('machine', '=', 'lathe')
      .orderBy('software')
      .execute();
    expect(rows).toEqual([
      { software: 'app', machine_overdue_after_ms: HOUR },
      { software: 'new', machine_overdue_after_ms: HOUR },
    ]);
  });
});
