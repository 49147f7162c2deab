import { gzipSync } from 'node:zlib';
import { type Kysely, sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/schema.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { DIALECTS, type Dialect } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  countRows,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../support/fleet-data.ts';
import { T0 } from '../support/instance-model.ts';

const POISON = 'poison';

/** What only the database can refuse: a value that passes every check of ours and breaks a rule of its own. */
const REFUSE_POISON: Record<Dialect, string> = {
  sqlite: `create trigger refuse_poison before insert on instance when new.software = '${POISON}'
    begin select raise(abort, 'poison'); end`,
  postgres: `alter table instance add constraint refuse_poison check (software <> '${POISON}')`,
};

for (const dialect of DIALECTS) {
  describe(`the commit of a batch on ${dialect}`, () => {
    let fleet: FleetDatabase;
    let customers = 0;
    let customer: string;
    let token: string;
    let tokenId: string;

    beforeAll(async () => {
      fleet = await createFleetDatabase(dialect);
      await sql.raw(REFUSE_POISON[dialect]).execute(fleet.db);
    });
    afterAll(() => fleet.drop());
    beforeEach(async () => {
      customer = await addCustomer(fleet.db, `customer-${++customers}`);
      ({ token, id: tokenId } = await addToken(fleet.db, customer));
    });

    const beat = (path: string, options: { payload?: unknown; token?: string } = {}) =>
      buildRequest(options.token ?? token, 'heartbeat', {
        path: `${customer}/${path}`,
        payload: options.payload ?? {},
      });

    const commit = async (requests: readonly IngestRequest[], db = fleet.db, limits = {}) => {
      const context = createContext(db, { limits: { ...DEFAULT_INGEST_LIMITS, ...limits } });
      return (await commitBatch(context, requests)).map(reasonOf);
    };

    const listInstances = async () => {
      const rows = await fleet.db
        .selectFrom('instance')
        .select(['machine', 'software'])
        .where('customer', '=', customer)
        .orderBy('machine')
        .orderBy('software')
        .execute();
      return rows.map(({ machine, software }) => `${machine}/${software}`);
    };

    /** The database, in which something happens before each transaction. */
    const withMeanwhile = (happen: () => Promise<unknown>): Kysely<Database> => {
      const execute = async (work: (trx: Transaction<Database>) => Promise<unknown>) => {
        await happen();
        return await fleet.db.transaction().execute(work);
      };
      return new Proxy(fleet.db, {
        get: (db, name) => {
          const value = Reflect.get(db, name, db);
          if (name === 'transaction') return () => ({ execute });
          return typeof value === 'function' ? value.bind(db) : value;
        },
      });
    };

    describe('one bad message', () => {
      it('that the database refuses costs none of its neighbours', async () => {
        const requests = Array.from({ length: 40 }, (_, index) =>
          beat(`press-${10 + index}/${index === 17 ? POISON : 'app'}`),
        );
        const reported: unknown[] = [];
        const context = createContext(fleet.db, {
          onContentFailure: (error) => reported.push(error),
        });
        const outcomes = (await commitBatch(context, requests)).map(reasonOf);
        expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(39);
        expect(outcomes[17]).toBe('internal_error');
        expect(reported.map(String)).toEqual([expect.stringContaining(POISON)]);
        expect(await listInstances()).toHaveLength(39);
        expect(await countRows(fleet.db, customer)).toMatchObject({ machine: 39 });
      });

      const deep = `{"snapshot":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)},"status":"running"}`;
      it.each([
        ['a NUL in a text', '{"status":"run\\u0000ning"}', 'accepted'],
        ['a lone surrogate', '{"status":"\\ud800","message":"\\udfff"}', 'accepted'],
        ['a NUL as a key', '{"status":"a","snapshot":{"\\u0000":"\\u0000\\ud800"}}', 'accepted'],
        ['a number beyond doubles', '{"status":"a","snapshot":{"n":1e400}}', 'accepted'],
        ['an uptime beyond doubles', '{"status":"a","uptime_seconds":1e400}', 'accepted'],
        ['a number in place of a text', '{"status":1e308}', 'invalid_payload'],
        ['an endless nesting', deep, 'invalid_json'],
        ['a text that is no JSON', '{"status":', 'invalid_json'],
        ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'invalid_json'],
        ['a status that names a prototype', '{"status":"a","__proto__":{"x":1}}', 'accepted'],
      ])('%s is stored or refused for itself alone', async (_name, payload, reason) => {
        const path = `${customer}/press-1/app`;
        const odd = buildRequest(token, 'status', { path, payload });
        const outcomes = await commit([beat('press-2/app'), odd, beat('press-3/app')]);
        expect(outcomes).toEqual(['accepted', reason, 'accepted']);
      });
    });

    describe('authority', () => {
      const setToken = (changes: object) =>
        fleet.db.updateTable('token').set(changes).where('id', '=', tokenId).execute();
      const setCustomer = (changes: object) =>
        fleet.db.updateTable('customer').set(changes).where('slug', '=', customer).execute();

      it.each([
        ['token_revoked', () => setToken({ revoked_at: T0 })],
        ['token_expired', () => setToken({ expires_at: T0 })],
        ['customer_inactive', () => setCustomer({ deactivated_at: T0 })],
      ])('that ends after the look before the transaction is refused: %s', async (reason, end) => {
        const outcomes = await commit([beat('press-1/app')], withMeanwhile(end));
        expect(outcomes).toEqual([reason]);
        expect(await listInstances()).toEqual([]);
      });

      it('is of each message, whatever stands beside it in the batch', async () => {
        const other = await addCustomer(fleet.db, `${customer}-other`);
        const foreign = await addToken(fleet.db, other);
        const ended = await addToken(fleet.db, customer, { revoked_at: T0 });
        const outcomes = await commit([
          beat('press-1/app'),
          beat('press-2/app', { token: foreign.token }),
          beat('press-3/app', { token: ended.token }),
          beat('press-4/app', { token: 'no-such-token' }),
          beat('press-5/app'),
        ]);
        const refused = ['customer_mismatch', 'token_revoked', 'token_unknown'];
        expect(outcomes).toEqual(['accepted', ...refused, 'accepted']);
        expect(await listInstances()).toEqual(['press-1/app', 'press-5/app']);
      });
    });

    describe('two committers at once', () => {
      let other: Kysely<Database>;

      // Two SQLite connections of one thread would wait for each other: there they take turns on one.
      beforeAll(async () => {
        other = dialect === 'postgres' ? await fleet.connect() : fleet.db;
      });

      /** Splits the requests among two connections, in batches of three, all under way together. */
      async function commitFromBoth(requests: readonly IngestRequest[], limits = {}) {
        const batches = Array.from({ length: Math.ceil(requests.length / 3) }, (_, index) =>
          requests.slice(index * 3, index * 3 + 3),
        );
        const commits = batches.map((batch, index) =>
          commit(batch, index % 2 === 0 ? fleet.db : other, limits),
        );
        return (await Promise.all(commits)).flat();
      }

      it('register exactly as many machines as the customer may have', async () => {
        const newcomers = Array.from({ length: 60 }, (_, index) => beat(`press-${index}/app`));
        const outcomes = await commitFromBoth(newcomers, { machinesPerCustomer: 25 });
        expect(outcomes.filter((each) => each === 'accepted')).toHaveLength(25);
        expect(outcomes.filter((each) => each === 'machine_limit_reached')).toHaveLength(35);
        const rows = await countRows(fleet.db, customer);
        expect(rows).toMatchObject({ machine: 25, instance: 25 });
        const known = (await listInstances()).map((path) => beat(path));
        const again = await commitFromBoth(known, { machinesPerCustomer: 25 });
        expect(again).toEqual(known.map(() => 'accepted'));
      });

      it('register exactly as many instances as a machine may have', async () => {
        const newcomers = Array.from({ length: 30 }, (_, index) => beat(`press-1/app-${index}`));
        const outcomes = await commitFromBoth(newcomers, { instancesPerMachine: 10 });
        expect(outcomes.filter((each) => each === 'accepted')).toHaveLength(10);
        expect(outcomes.filter((each) => each === 'instance_limit_reached')).toHaveLength(20);
        expect(await listInstances()).toHaveLength(10);
      });

      it('count every heartbeat of the same instances', async () => {
        const paths = ['press-1/app', 'press-2/app', 'press-3/app', 'press-4/app'];
        const beats = Array.from({ length: 120 }, (_, index) => beat(paths[index % 4] as string));
        const outcomes = await commitFromBoth(beats);
        expect(new Set(outcomes)).toEqual(new Set(['accepted']));
        const { total } = await fleet.db
          .selectFrom('instance')
          .select((eb) => eb.fn.sum('beats').as('total'))
          .where('customer', '=', customer)
          .executeTakeFirstOrThrow();
        expect(Number(total)).toBe(120);
      });
    });

    it('unpacks only a few megabytes for one transaction, whatever came in one batch', async () => {
      const payload = gzipSync(`{"version":"1.0"}${' '.repeat(1024 * 1024 - 100)}`);
      const bombs = Array.from({ length: 16 }, (_, index) => ({
        ...beat(`press-${index}/app`, { payload }),
        isGzip: true,
      }));
      let transactions = 0;
      const db = withMeanwhile(async () => {
        transactions += 1;
      });
      // On PostgreSQL each is begun a second time, since it brings new machines.
      const attempts = dialect === 'postgres' ? 2 : 1;
      expect(new Set(await commit(bombs, db))).toEqual(new Set(['accepted']));
      expect(transactions).toBe(4 * attempts);
      expect(await listInstances()).toHaveLength(16);
    });

    it('notes the last use of a token at most once a minute', async () => {
      const use = async (seconds: number, address: string) => {
        const receivedAtMs = T0 + seconds * 1_000;
        await commit([{ ...beat('press-1/app'), receivedAtMs, address }]);
        return await fleet.db
          .selectFrom('token_use')
          .select(['last_used_at', 'last_used_address'])
          .where('token_id', '=', tokenId)
          .executeTakeFirst();
      };
      const first = { last_used_at: T0, last_used_address: '192.0.2.1' };
      expect(await use(0, '192.0.2.1')).toEqual(first);
      expect(await use(59, '192.0.2.2')).toEqual(first);
      const later = { last_used_at: T0 + 60_000, last_used_address: '192.0.2.3' };
      expect(await use(60, '192.0.2.3')).toEqual(later);
    });

    it('refuses only further open diagnostics of an instance that has its share of them', async () => {
      const report = (codes: readonly number[], severity = 2) =>
        buildRequest(token, 'diagnostics', {
          path: `${customer}/press-1/app`,
          payload: { items: codes.map((code) => ({ code, severity, message: '' })) },
        });
      const context = createContext(fleet.db, {
        limits: { ...DEFAULT_INGEST_LIMITS, openDiagnostics: 3 },
      });
      const send = async (request: IngestRequest) => reasonOf(await commitOne(context, request));
      expect(await send(report([1, 2, 3]))).toBe('accepted');
      expect(await send(report([4]))).toBe('diagnostic_limit_reached');
      expect(await send(report([1, 2]))).toBe('accepted');
      expect(await send(report([3], 0))).toBe('accepted');
      expect(await send(report([4]))).toBe('accepted');
    });
  });
}
