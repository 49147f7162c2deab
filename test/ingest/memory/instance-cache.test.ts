import type { Kysely, Transaction } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Instance } from '../../../src/db/schema.ts';
import { type CommitContext, commitBatch } from '../../../src/ingest/commit.ts';
import { InstanceCache } from '../../../src/ingest/memory/instance-cache.ts';
import { Memory } from '../../../src/ingest/memory/memory.ts';
import { createInstance } from '../../../src/ingest/transitions/state.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
} from '../../support/fleet-data.ts';

const PATH = 'my-company/press-1/line-control';

describe('what the writer remembers of instances', () => {
  let fleet: FleetDatabase;
  let context: CommitContext;
  let token: string;

  beforeEach(async () => {
    fleet = await createFleetDatabase('sqlite');
    await addCustomer(fleet.db, 'my-company');
    token = (await addToken(fleet.db, 'my-company')).token;
    context = createContext(fleet.db, { memory: new Memory() });
    await commitOne(context, buildRequest(token, 'heartbeat'));
  });

  afterEach(() => fleet.drop());

  const read = async (db: Kysely<Database> = fleet.db): Promise<Instance> =>
    await db.selectFrom('instance').selectAll().executeTakeFirstOrThrow();

  it('is what stands in the database', async () => {
    expect(context.memory?.instances.get(PATH)).toEqual(await read());
  });

  it('is used for the next batch', async () => {
    const known = context.memory?.instances.get(PATH) as Instance;
    context.memory?.instances.put(PATH, { ...known, beats: 41 });
    await commitOne(context, buildRequest(token, 'heartbeat'));
    expect((await read()).beats).toBe(42);
  });

  it('is up to date where commits are asked for at the same time, however late they hear of it', async () => {
    const slow = { ...context, db: hearingLate(fleet.db) };
    const commits = Array.from({ length: 20 }, () =>
      commitOne(slow, buildRequest(token, 'heartbeat')),
    );
    await Promise.all(commits);
    expect((await read()).beats).toBe(21);
  });

  it('is forgotten as soon as another process has written', async () => {
    const operator = await fleet.connect();
    await operator.updateTable('instance').set({ overdue_after_ms: 1_000 }).execute();
    await commitOne(context, buildRequest(token, 'heartbeat', { receivedAtMs: T1 }));
    await commitOne(context, buildRequest(token, 'heartbeat', { receivedAtMs: T1 + 2_000 }));
    expect(await read()).toMatchObject({ overdue_after_ms: 1_000, up_since: T1 + 2_000 });
  });

  it('registers anew what another process has forgotten', async () => {
    const operator = await fleet.connect();
    for (const table of ['instance', 'machine'] as const)
      await operator.deleteFrom(table).execute();
    await commitOne(context, buildRequest(token, 'heartbeat', { receivedAtMs: T1 }));
    expect(await read()).toMatchObject({ first_seen_at: T1, beats: 1 });
  });

  it('is nothing of a transaction that failed', async () => {
    await fleet.db.schema.alterTable('instance').renameColumn('beats', 'bits').execute();
    const [outcome] = await commitBatch(context, [buildRequest(token, 'heartbeat')]);
    expect(outcome).toMatchObject({ ok: false });
    await fleet.db.schema.alterTable('instance').renameColumn('bits', 'beats').execute();
    await commitOne(context, buildRequest(token, 'heartbeat'));
    expect((await read()).beats).toBe(2);
  });

  describe('is bounded', () => {
    const path = { customer: 'a', machine: 'b', software: 'c' };
    const row = createInstance(path, { receivedAtMs: 0, tokenId: 't' });

    /** Each of so many instances speaks in turn. */
    function speak(cache: InstanceCache, instances: number, rounds: number): void {
      for (let turn = 0; turn < instances * rounds; turn++) {
        const key = `${turn % instances}`;
        cache.get(key);
        cache.put(key, { ...row, beats: turn });
      }
    }

    it('and holds those that speak again and again', () => {
      const cache = new InstanceCache();
      speak(cache, 15_000, 5);
      expect(cache.get('0')?.beats).toBe(60_000);
      expect(cache.get('14999')?.beats).toBe(74_999);
    });

    it('and is empty for a while when there are too many for it', () => {
      const cache = new InstanceCache();
      speak(cache, 50_000, 1);
      const held = Array.from({ length: 50_000 }, (_, index) => cache.get(`${index}`));
      expect(held.filter((each) => each !== undefined)).toEqual([]);
    });

    it('and never holds an older row than was written last', () => {
      const cache = new InstanceCache();
      speak(cache, 50_000, 7);
      for (let index = 0; index < 50_000; index++) {
        const held = cache.get(`${index}`);
        if (held) expect(held.beats).toBe(300_000 + index);
      }
    });

    it('and tries again when there are fewer', () => {
      const cache = new InstanceCache();
      speak(cache, 50_000, 1);
      speak(cache, 1_000, 150);
      expect(cache.get('0')?.beats).toBe(149_000);
    });
  });
});

const T1 = 1_800_000_000_000;

/** The database, whose transactions resolve some time after they have committed. */
function hearingLate(db: Kysely<Database>): Kysely<Database> {
  const transaction = () => ({
    execute: async (work: (trx: Transaction<Database>) => Promise<unknown>) => {
      const result = await db.transaction().execute(work);
      await new Promise(setImmediate);
      return result;
    },
  });
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'transaction') return transaction;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
