import { gzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/schema.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { BatchAcceptance, Outcome } from '../../src/ingest/outcome.ts';
import { PART_LIMITS } from '../../src/ingest/prepare.ts';
import type { BatchRequest } from '../../src/ingest/request.ts';
import { DIALECTS, type Dialect } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildBatch,
  buildRequest,
  commitLines,
  commitOne,
  countRows,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../support/fleet-data.ts';
import { T0 } from '../support/instance-model.ts';

const { wire } = DEFAULT_INGEST_LIMITS;
const POISON = 'poison';

/** What only the database can refuse. */
const REFUSE_POISON: Record<Dialect, string> = {
  sqlite: `create trigger refuse_poison before insert on instance when new.software = '${POISON}'
    begin select raise(abort, 'poison'); end`,
  postgres: `alter table instance add constraint refuse_poison check (software <> '${POISON}')`,
};

const beat = (machine: string, more: object = {}) => ({
  ...{ machine, software: 'app', kind: 'heartbeat' },
  ...more,
});

const listBeats = (count: number) =>
  Array.from({ length: count }, (_, index) => beat(`press-${index}`));

const reasonsOf = ({ rejected }: BatchAcceptance) =>
  Object.fromEntries(rejected.map(({ line, reason }) => [line, reason]));

describe.each(DIALECTS)('a batch on %s', (dialect) => {
  let fleet: FleetDatabase;
  let customers = 0;
  let customer: string;
  let token: string;
  let tokenId: string;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    await sql.raw(REFUSE_POISON[dialect]).execute(fleet.db);
    if (dialect === 'sqlite') await sql`pragma synchronous = off`.execute(fleet.db);
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    customer = await addCustomer(fleet.db, `customer-${++customers}`);
    ({ token, id: tokenId } = await addToken(fleet.db, customer));
  });

  const build = (lines: readonly unknown[], others: Partial<BatchRequest> = {}) =>
    buildBatch(token, lines, { customer, ...others });

  const send = (lines: readonly unknown[], others: Partial<BatchRequest> = {}) =>
    commitLines(createContext(fleet.db), build(lines, others));

  const sendWhole = (lines: readonly unknown[], others: Partial<BatchRequest> = {}) =>
    commitOne(createContext(fleet.db), build(lines, others));

  const revoke = () =>
    fleet.db.updateTable('token').set({ revoked_at: T0 }).where('id', '=', tokenId).execute();

  const countMachines = async () => (await countRows(fleet.db, customer)).machine;

  describe('whose lines are in order', () => {
    it('takes messages of all kinds, of as many instances as there are', async () => {
      const outcome = await send([
        beat('press-1', { version: '1.0.0' }),
        { machine: 'press-1', software: 'app', kind: 'status', status: 'running' },
        {
          ...{ machine: 'press-2', software: 'web', kind: 'diagnostics' },
          diagnostics: [
            { code: 1, message: 'a', severity: 2 },
            { code: 2, message: 'b', severity: 1 },
          ],
        },
      ]);
      expect(outcome).toEqual({
        ok: true,
        accepted: 3,
        rejected: [],
        logged: [],
        warnings: [],
        tokenExpiresAtMs: null,
      });
      expect(await countRows(fleet.db, customer)).toMatchObject({
        ...{ machine: 2, instance: 2, instance_status: 1, diagnostic: 2 },
      });
    });

    it('is taken packed with gzip, too', async () => {
      const { body } = build(listBeats(500));
      expect(await send([], { body: gzipSync(body), isGzip: true })).toMatchObject({
        accepted: 500,
        rejected: [],
      });
      expect(await countMachines()).toBe(500);
    });

    it('forgives blank lines, returns before line feeds, byte order marks and a missing last line feed', async () => {
      const lines = ['one', 'two', 'three'].map((name) => JSON.stringify(beat(name)));
      const body = Buffer.from(`\n\uFEFF${lines[0]}\r\n\r\n  \n${lines[1]}\n\n${lines[2]}`);
      expect(await send([], { body })).toMatchObject({ accepted: 3, rejected: [] });
      expect(await countMachines()).toBe(3);
    });

    it.each([
      ['nothing', ''],
      ['line feeds', '\n\n\r\n'],
    ])('may be none: %s is a batch of no lines', async (_, text) => {
      expect(await send([], { body: Buffer.from(text) })).toMatchObject({
        accepted: 0,
        rejected: [],
      });
    });

    it('names what it ignored in them by line, within the bound on warnings', async () => {
      const lines = listBeats(20).map((line, index) => (index < 2 ? line : { ...line, hint: 1 }));
      const { accepted, warnings } = await send(lines);
      expect(accepted).toBe(20);
      expect(warnings).toHaveLength(10);
      expect(warnings[0]).toBe("line 3: unknown field 'hint' ignored");
    });

    it('tells when the token expires, also where no line was taken', async () => {
      ({ token } = await addToken(fleet.db, customer, { expires_at: T0 + 1_000 }));
      expect(await send([beat('a')])).toMatchObject({ tokenExpiresAtMs: T0 + 1_000 });
      expect(await send(['{'])).toMatchObject({ accepted: 0, tokenExpiresAtMs: T0 + 1_000 });
    });
  });

  describe('with broken lines', () => {
    const BROKEN: [string, unknown, string, RegExp][] = [
      ['no JSON', '{"machine":', 'invalid_json', /\(line 2, column 12\)/],
      [
        'bytes that are no UTF-8',
        Buffer.from([0x7b, 0x22, 0xff]),
        'invalid_json',
        /byte 2 is not valid UTF-8 \(line 2, column 3\)/,
      ],
      ['half a character', Buffer.from('{"a":"é').subarray(0, 7), 'invalid_json', /byte 6 is not/],
      ['endless nesting', '['.repeat(1_000), 'invalid_json', /deeper than 20 levels/],
      ['two documents', '{}{}', 'invalid_json', /line 2/],
      ['a list', [beat('a')], 'invalid_payload', /^The line must be a JSON object\.$/],
      ['no machine', { software: 'app', kind: 'heartbeat' }, 'invalid_slug', /^machine is requ/],
      ['no slug', beat('Press_1'), 'invalid_slug', /^machine must be 1 to 128 lowercase/],
      ['no kind', { machine: 'a', software: 'app' }, 'invalid_payload', /^kind is required/],
      ['the kind of a check', beat('a', { kind: 'check' }), 'invalid_payload', /^kind must be/],
      [
        'a bad item',
        { ...beat('a', { kind: 'diagnostics' }), items: [{ code: 1, message: '', severity: 3 }] },
        'invalid_payload',
        /^items\[0\]\.severity must be 0, 1 or 2\.$/,
      ],
      [
        'more bytes than a message may have',
        beat('a', { os: 'x'.repeat(wire.bodyBytes) }),
        'payload_too_large',
        /^The line is larger than 1048576 bytes\.$/,
      ],
    ];

    it.each(BROKEN)(
      'refuses %s alone, and says which line and what',
      async (_, broken, reason, detail) => {
        const outcome = await send([beat('press-1'), broken, beat('press-2')]);
        expect(outcome.accepted).toBe(2);
        expect(outcome.rejected).toEqual([
          { line: 2, reason, detail: expect.stringMatching(detail) },
        ]);
        expect(await countMachines()).toBe(2);
      },
    );

    it('gives every line exactly one outcome, whatever is wrong with which', async () => {
      const lines = BROKEN.flatMap(([, broken], index) => [beat(`press-${index}`), broken]);
      const outcome = await send(lines);
      expect(outcome.accepted + outcome.rejected.length).toBe(lines.length);
      expect(outcome.rejected.map(({ line }) => line)).toEqual(
        BROKEN.map((_, index) => 2 * index + 2),
      );
    });

    it('tells the log of the line alone: its instance, its kind, its text without secrets', async () => {
      const bad = { ...beat('press-7', { kind: 'status' }), password: 'hunter2', note: token };
      const { logged } = await send([beat('secret-neighbour'), bad]);
      expect(logged).toMatchObject([
        {
          ...{ line: 2, reason: 'invalid_payload', machine: 'press-7', software: 'app' },
          ...{ kind: 'status', tokenId, tokenCustomer: customer },
          errors: [{ path: 'status', message: 'is required' }],
        },
      ]);
      expect(logged[0]?.payload).toContain('"machine":"press-7"');
      expect(JSON.stringify(logged)).not.toMatch(/hunter2|secret-neighbour/);
      expect(JSON.stringify(logged)).not.toContain(token);
    });

    it('tells the log of no more than a hundred, and the sender of all', async () => {
      const lines = listBeats(300).map((line, index) => (index % 2 === 0 ? line : '{'));
      const { accepted, rejected, logged } = await send(lines);
      expect([accepted, rejected.length, logged.length]).toEqual([150, 150, 100]);
      expect(logged.map(({ line }) => line)).toEqual(
        rejected.slice(0, 100).map(({ line }) => line),
      );
    });

    it('keeps what the log is told of a line small, however large the names in it are', async () => {
      const { logged } = await send([beat('X'.repeat(500_000)), beat('Y'.repeat(2 * 1024 * 1024))]);
      expect(logged).toMatchObject([
        { reason: 'invalid_slug', payload: expect.stringContaining('characters left out') },
        { reason: 'payload_too_large', payload: null },
      ]);
      expect(JSON.stringify(logged).length).toBeLessThan(20_000);
    });

    it('lets what the database refuses cost none of its neighbours', async () => {
      const lines = listBeats(40);
      lines[17] = beat('press-17', { software: POISON });
      const reported: unknown[] = [];
      const context = createContext(fleet.db, {
        onContentFailure: (error) => reported.push(error),
      });
      const outcome = await commitLines(context, build(lines));
      expect(outcome.accepted).toBe(39);
      expect(reasonsOf(outcome)).toEqual({ 18: 'internal_error' });
      expect(outcome.logged).toEqual([]);
      expect(reported).toHaveLength(1);
      expect(await countMachines()).toBe(39);
    });
  });

  describe('of a certain size', () => {
    it('is taken with as many lines as it may have, in several transactions', async () => {
      const lines = Array.from({ length: wire.batchLines }, (_, index) => beat(`m-${index % 100}`));
      expect(await send(lines)).toMatchObject({ accepted: wire.batchLines, rejected: [] });
      expect(await countMachines()).toBe(100);
    });

    it('is refused as a whole with one line more, before anything of it is stored', async () => {
      const lines = [beat('first'), ...new Array(wire.batchLines).fill('')];
      expect(await sendWhole(lines)).toMatchObject({
        ok: false,
        reason: 'payload_too_large',
        detail: 'The batch has more than 10000 lines.',
        tokenId,
      });
      expect(await countMachines()).toBe(0);
    });

    it('is refused as a whole where it unpacks to more bytes than it may have', async () => {
      const body = gzipSync(Buffer.alloc(wire.batchBytes + 1, ' '));
      expect(await sendWhole([], { body, isGzip: true })).toMatchObject({
        reason: 'payload_too_large',
        detail: `The unpacked body is larger than ${wire.batchBytes} bytes.`,
      });
      const most = gzipSync(Buffer.alloc(wire.batchBytes, ' '));
      expect(await sendWhole([], { body: most, isGzip: true })).toMatchObject({
        ok: true,
        rejected: { length: 1 },
      });
    });

    it('is refused as a whole where it is no gzip', async () => {
      const outcome = await sendWhole([beat('a')], { isGzip: true });
      expect(outcome).toMatchObject({ reason: 'invalid_json', tokenId, payload: null });
    });

    it('shares its transactions with other batches and with single messages', async () => {
      let transactions = 0;
      const db = withMeanwhile(fleet.db, async () => {
        transactions += 1;
      });
      const single = buildRequest(token, 'heartbeat', { path: `${customer}/alone/app` });
      const requests = [build([beat('a'), '{']), single, build([beat('b'), beat('a')])];
      const outcomes = await commitBatch(createContext(db), requests);
      expect(outcomes).toMatchObject([
        { accepted: 1, rejected: [{ line: 2 }] },
        { accepted: 1, isDuplicate: false },
        { accepted: 2, rejected: [] },
      ]);
      expect(transactions).toBe(dialect === 'postgres' ? 2 : 1);
    });
  });

  describe('that repeats itself', () => {
    const numbered = (seq: number) => beat('press-1', { session: 's', seq, uptime_seconds: seq });

    it('is acknowledged, and has no effect the second time, within a batch and across batches', async () => {
      const readBeats = async () =>
        (
          await fleet.db
            .selectFrom('instance')
            .select('beats')
            .where('customer', '=', customer)
            .executeTakeFirstOrThrow()
        ).beats;
      expect(await send([1, 2, 2, 1, 3].map(numbered))).toMatchObject({ accepted: 5 });
      expect(await readBeats()).toBe(3);
      expect(await send([1, 2, 3, 4].map(numbered))).toMatchObject({ accepted: 4, rejected: [] });
      expect(await readBeats()).toBe(4);
    });
  });

  describe('against the limits', () => {
    const sendWithin = (limits: object, lines: readonly unknown[], others = {}) =>
      commitLines(
        createContext(fleet.db, { limits: { ...DEFAULT_INGEST_LIMITS, ...limits } }),
        build(lines, others),
      );

    it('registers machines up to the limit, exactly, and refuses only the lines of those beyond', async () => {
      const limits = { machinesPerCustomer: 25 };
      const outcome = await sendWithin(limits, [...listBeats(30), ...listBeats(25)]);
      expect(outcome.accepted).toBe(50);
      expect(outcome.rejected).toHaveLength(5);
      expect(outcome.rejected[0]).toEqual({
        line: 26,
        reason: 'machine_limit_reached',
        detail: 'The customer has 25 machines and may have 25; press-25 is not one of them.',
      });
      expect(outcome.logged[0]).toMatchObject({ machine: 'press-25', kind: 'heartbeat', tokenId });
      expect(await countRows(fleet.db, customer)).toMatchObject({ machine: 25, instance: 25 });
    });

    it('refuses the lines of one instance too many of a machine', async () => {
      const lines = ['a', 'b', 'c'].map((software) => ({ ...beat('press-1'), software }));
      const outcome = await sendWithin({ instancesPerMachine: 2 }, lines);
      expect(reasonsOf(outcome)).toEqual({ 3: 'instance_limit_reached' });
    });

    it('refuses the line that opens one diagnostic too many', async () => {
      const report = (...codes: number[]) => ({
        ...beat('press-1', { kind: 'diagnostics' }),
        items: codes.map((code) => ({ code, severity: 1, message: '' })),
      });
      const lines = [report(1, 2), report(3), report(1), report(2, 1)];
      const outcome = await sendWithin({ openDiagnostics: 2 }, lines);
      expect(reasonsOf(outcome)).toEqual({ 2: 'diagnostic_limit_reached' });
      expect(outcome.accepted).toBe(3);
    });
  });

  describe('of somebody who may not send it', () => {
    it('is refused as a whole, and nothing of it is judged or stored', async () => {
      const neighbour = await addCustomer(fleet.db, `${customer}-neighbour`);
      const ofNeighbour = (await addToken(fleet.db, neighbour)).token;
      const stranger = 'fm_00000000_00000000000000000000000000000000000000';
      const by = (bearer: string) => buildBatch(bearer, [beat('a'), '{'], { customer });
      const outcomes = await commitBatch(createContext(fleet.db), [
        by(ofNeighbour),
        by(stranger),
        by(token),
      ]);
      expect(outcomes.map(reasonOf)).toEqual(['customer_mismatch', 'token_unknown', 'accepted']);
      expect(outcomes[1]).toMatchObject({ payload: null });
      expect(await countMachines()).toBe(1);
      expect((await countRows(fleet.db, neighbour)).machine).toBe(0);
    });

    it('is refused as a whole where the token is revoked before the first transaction', async () => {
      const db = withMeanwhile(fleet.db, revoke);
      const outcome = await commitOne(createContext(db), build([beat('a'), '{', beat('b')]));
      expect(reasonOf(outcome)).toBe('token_revoked');
      expect(await countMachines()).toBe(0);
    });

    it('keeps what is committed where the token is revoked meanwhile, and refuses the lines after it', async () => {
      const lines = listBeats(2 * PART_LIMITS.changes + 10);
      const outcome = await sendWithMeanwhile(lines, { before: 2, happens: revoke });
      expect(outcome).toMatchObject({ accepted: PART_LIMITS.changes });
      const { rejected, logged } = outcome as BatchAcceptance;
      expect(rejected).toHaveLength(PART_LIMITS.changes + 10);
      expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(['token_revoked']));
      expect(rejected[0]?.line).toBe(PART_LIMITS.changes + 1);
      expect(logged).toHaveLength(100);
      expect(await countMachines()).toBe(PART_LIMITS.changes);
    });
  });

  describe('while the storage is away', () => {
    const fail = () => Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));

    it('is refused as a whole, so that simple clients come back later', async () => {
      const outcome = await sendWithMeanwhile([beat('a'), '{'], { before: 1, happens: fail });
      expect(reasonOf(outcome)).toBe('storage_unavailable');
    });

    it('keeps what is committed, and says of every line after it that it can be sent again', async () => {
      const lines = listBeats(3 * PART_LIMITS.changes);
      const outcome = await sendWithMeanwhile(lines, { before: 2, happens: fail });
      const { accepted, rejected, logged } = outcome as BatchAcceptance;
      expect([accepted, rejected.length]).toEqual([PART_LIMITS.changes, 2 * PART_LIMITS.changes]);
      expect(new Set(rejected.map(({ reason }) => reason))).toEqual(
        new Set(['storage_unavailable']),
      );
      expect(logged).toEqual([]);
      const again = rejected.map(({ line }) => lines[line - 1]);
      expect(await send(again)).toMatchObject({ accepted: 2 * PART_LIMITS.changes });
      expect(await countMachines()).toBe(3 * PART_LIMITS.changes);
    });
  });

  /** Sends the lines to a database where something happens before a part is committed. */
  async function sendWithMeanwhile(
    lines: readonly unknown[],
    { before, happens }: { before: number; happens: () => Promise<unknown> },
  ): Promise<Outcome> {
    const isBefore = createPartCounter(before);
    const db = withMeanwhile(fleet.db, async () => {
      if (await isBefore()) await happens();
    });
    return await commitOne(createContext(db), build(lines));
  }

  /** Whether the part with this number comes next; asked before each transaction. */
  function createPartCounter(part: number): () => Promise<boolean> {
    return async () => (await countMachines()) === (part - 1) * PART_LIMITS.changes;
  }
});

/** The database, in which something happens before each transaction. */
function withMeanwhile(db: Kysely<Database>, happen: () => Promise<unknown>): Kysely<Database> {
  return new Proxy(db, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      if (name === 'transaction') {
        return () => ({
          execute: async (work: Parameters<ReturnType<typeof db.transaction>['execute']>[0]) => {
            await happen();
            return await target.transaction().execute(work);
          },
        });
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
