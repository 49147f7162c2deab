import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Change, inTransaction } from '../../../src/db/change.ts';
import type { Database, Diagnostic, Instance } from '../../../src/db/schema.ts';
import { summarizeDiagnostics } from '../../../src/domain/diagnostics/summary.ts';
import { FleetError } from '../../../src/domain/errors.ts';
import { type CommitContext, commitBatch } from '../../../src/ingest/commit.ts';
import { Memory } from '../../../src/ingest/memory/memory.ts';
import {
  acknowledgeDiagnostic,
  closeDiagnostic,
  type OperatorRequest,
} from '../../../src/ingest/operator/diagnostics.ts';
import { DIALECTS } from '../../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../../support/fleet-data.ts';
import { DAY, HOUR, MINUTE, T0 } from '../../support/instance-model.ts';

type Item = { code: number; severity: number; module?: string; message?: string };

describe.each(DIALECTS)('what operators do with diagnostics on %s', (dialect) => {
  let fleet: FleetDatabase;
  let operator: Kysely<Database>;
  let context: CommitContext;
  let customers = 0;
  let customer: string;
  let token: string;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    operator = await fleet.connect();
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    customer = await addCustomer(fleet.db, `customer-${++customers}`);
    ({ token } = await addToken(fleet.db, customer));
    context = createContext(fleet.db, { memory: dialect === 'sqlite' ? new Memory() : null });
  });

  const pathOf = (software: string) => ({ customer, machine: 'press-1', software });

  const commit = async (endpoint: 'heartbeat' | 'diagnostics', atMs: number, items?: Item[]) => {
    const payload = items ? { items: items.map((item) => ({ message: '', ...item })) } : {};
    const options = { path: `${customer}/press-1/app`, receivedAtMs: T0 + atMs, payload };
    const outcomes = await commitBatch(context, [buildRequest(token, endpoint, options)]);
    expect(outcomes.map(reasonOf)).toEqual(['accepted']);
  };

  const report = (atMs: number, ...items: Item[]) => commit('diagnostics', atMs, items);

  const run = async (
    action: typeof acknowledgeDiagnostic,
    request: Partial<OperatorRequest> & { code: number },
    { db = operator, ...change }: Partial<Change> & { db?: Kysely<Database> } = {},
  ) =>
    await inTransaction(db, (trx) =>
      action(
        trx,
        { path: pathOf('app'), ...request },
        { nowMs: T0 + MINUTE, actor: 'anna', ...change },
      ),
    );

  const refusalOf = async (work: Promise<unknown>): Promise<FleetError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FleetError);
    return error as FleetError;
  };

  const readInstance = async (): Promise<Instance> =>
    await fleet.db
      .selectFrom('instance')
      .selectAll()
      .where('customer', '=', customer)
      .executeTakeFirstOrThrow();

  const readDiagnostics = async (): Promise<Diagnostic[]> =>
    await fleet.db
      .selectFrom('diagnostic')
      .selectAll()
      .where('customer', '=', customer)
      .orderBy('code')
      .execute();

  const readHistory = async () =>
    await fleet.db
      .selectFrom('diagnostic_history')
      .selectAll()
      .where('customer', '=', customer)
      .orderBy('opened_at')
      .execute();

  const readAudit = async () => {
    const rows = await fleet.db
      .selectFrom('audit')
      .select(['actor', 'action', 'subject', 'detail'])
      .where('customer', '=', customer)
      .orderBy('id')
      .execute();
    return rows.map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail ?? 'null') }));
  };

  it('acknowledges in the row, in the counts and in the audit trail', async () => {
    await report(0, { code: 500, severity: 2, message: 'jam' });
    const { diagnostic, changed } = await run(acknowledgeDiagnostic, {
      code: 500,
      note: ' on it ',
    });
    expect(changed).toBe(true);
    expect(diagnostic).toMatchObject({
      ...{ customer, machine: 'press-1', software: 'app', code: 500, message: 'jam' },
      ...{ closed_at: null, acknowledged_by: 'anna', note: 'on it' },
    });
    expect(await readDiagnostics()).toMatchObject([{ acknowledged_at: T0 + MINUTE }]);
    expect(await readInstance()).toMatchObject({ open_errors: 1, acknowledged_errors: 1 });
    expect(await readAudit()).toEqual([
      {
        ...{ actor: 'anna', action: 'diagnostics ack', subject: `${customer}/press-1/app` },
        detail: { code: 500, severity: 2, note: 'on it' },
      },
    ]);
  });

  it('acknowledges once: the second time nothing is changed, nor audited', async () => {
    await report(0, { code: 500, severity: 2 });
    await run(acknowledgeDiagnostic, { code: 500 });
    const again = await run(acknowledgeDiagnostic, { code: 500 }, { actor: 'ben' });
    expect(again).toMatchObject({ changed: false, diagnostic: { acknowledged_by: 'anna' } });
    expect(await readAudit()).toHaveLength(1);
  });

  it('closes into the history, and the next report opens it again', async () => {
    await report(0, { code: 500, severity: 2, module: 'pump' });
    const { diagnostic } = await run(closeDiagnostic, { code: 500, note: 'replaced' });
    expect(diagnostic).toMatchObject({ severity: 2, closed_at: T0 + MINUTE, note: 'replaced' });
    expect(await readHistory()).toMatchObject([
      { severity: 2, closed_at: T0 + MINUTE, closed_by: 'operator', acknowledged_by: 'anna' },
    ]);
    expect(await readInstance()).toMatchObject({ open_errors: 0, worst_code: null });
    expect((await readAudit())[0]?.detail).toMatchObject({ code: 500, module: 'pump' });
    await report(2 * MINUTE, { code: 500, severity: 2, module: 'pump' });
    expect(await readInstance()).toMatchObject({ open_errors: 1, acknowledged_errors: 0 });
    expect(await readDiagnostics()).toMatchObject([{ opened_at: T0 + 2 * MINUTE, note: null }]);
  });

  it('lets each open what the other has closed, as often as they like', async () => {
    for (let round = 0; round < 30; round++) {
      await report(2 * round * MINUTE, { code: 500, severity: 2 });
      await run(closeDiagnostic, { code: 500 }, { nowMs: T0 + (2 * round + 1) * MINUTE });
    }
    const rows = await readHistory();
    expect(rows.length).toBeLessThan(5);
    expect(rows.reduce((sum, { episodes }) => sum + episodes, 0)).toBe(30);
  });

  it('names what is open where it is something else', async () => {
    await report(
      0,
      { code: 500, severity: 2 },
      { code: 501, severity: 1, module: 'fan' },
      { code: 502, severity: 0 },
    );
    const path = `${customer}/press-1/app`;
    for (const code of [502, 999]) {
      const { code: kind, message } = await refusalOf(run(acknowledgeDiagnostic, { code }));
      expect({ kind, message }).toEqual({
        kind: 'not_found',
        message: `${code} is not open on ${path}; open are 500, 501 (fan).`,
      });
    }
    const { message } = await refusalOf(run(closeDiagnostic, { code: 500, module: 'fan' }));
    expect(message).toContain('500 (fan) is not open');
  });

  it('takes a warning that was not repeated for 24 hours for closed', async () => {
    await report(0, { code: 500, severity: 1 });
    const later = { nowMs: T0 + DAY + HOUR };
    const { code, message } = await refusalOf(run(closeDiagnostic, { code: 500 }, later));
    expect({ code, message }).toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/nothing is\.$/),
    });
  });

  it('asks for the module where the code is open in several', async () => {
    await report(0, { code: 500, severity: 2 }, { code: 500, severity: 1, module: 'pump' });
    const { code, message } = await refusalOf(run(acknowledgeDiagnostic, { code: 500 }));
    expect({ code, message }).toEqual({
      code: 'usage',
      message: '500 is open in several modules: (none), pump.',
    });
    await run(acknowledgeDiagnostic, { code: 500, module: '' });
    await run(closeDiagnostic, { code: 500, module: 'pump' });
    expect(await readInstance()).toMatchObject({ open_errors: 1, acknowledged_errors: 1 });
    expect(await readInstance()).toMatchObject({ open_warnings: 0 });
  });

  it('suggests the path that was meant', async () => {
    await report(0, { code: 500, severity: 2 });
    const request = { code: 500, path: pathOf('apq') };
    const { code, message } = await refusalOf(run(acknowledgeDiagnostic, request));
    expect({ code, message }).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(`did you mean ${customer}/press-1/app?`),
    });
  });

  it.each([
    ['is empty', ' '],
    ['is too long', 'x'.repeat(501)],
    ['holds a token', `see fm_AbCdEfGh_${'a'.repeat(38)}`],
  ])('refuses a note that %s', async (_, note) => {
    await report(0, { code: 500, severity: 2 });
    const { code } = await refusalOf(run(acknowledgeDiagnostic, { code: 500, note }));
    expect(code).toBe('usage');
    expect(await readInstance()).toMatchObject({ acknowledged_errors: 0 });
  });

  it('is not overwritten by a server that remembers the instance', async () => {
    await report(0, { code: 500, severity: 2 }, { code: 501, severity: 2 });
    await commit('heartbeat', 1);
    await run(acknowledgeDiagnostic, { code: 500 });
    await commit('heartbeat', 2);
    expect(await readInstance()).toMatchObject({
      open_errors: 2,
      acknowledged_errors: 1,
      beats: 2,
    });
    await run(closeDiagnostic, { code: 501 });
    await commit('heartbeat', 3);
    await report(4, { code: 500, severity: 2 });
    expect(await readInstance()).toMatchObject({
      open_errors: 1,
      acknowledged_errors: 1,
      beats: 3,
    });
  });

  it('loses nothing, and overwrites nothing, while a server commits', async () => {
    // Two SQLite connections of one thread would wait for each other: there they take turns on one.
    const db = dialect === 'postgres' ? operator : fleet.db;
    const codes = Array.from({ length: 8 }, (_, code) => code);
    await report(0, ...codes.map((code) => ({ code, severity: 2 })));
    const rounds = 15;
    const device = (async () => {
      for (let round = 1; round <= rounds; round++) {
        await commit('heartbeat', round);
        await report(round, { code: round % 8, severity: 2 }, { code: 100 + round, severity: 1 });
      }
    })();
    const people = codes.map(async (code) => {
      const closed = await run(closeDiagnostic, { code }, { db });
      expect(closed.changed).toBe(true);
      await report(rounds, { code, severity: 2 });
      const note = `note ${code}`;
      await run(acknowledgeDiagnostic, { code, note }, { db });
    });
    await Promise.all([device, ...people]);
    const [instance, diagnostics] = [await readInstance(), await readDiagnostics()];
    expect(instance).toMatchObject(summarizeDiagnostics(diagnostics, instance.newest_at));
    expect(instance).toMatchObject({ beats: rounds, open_errors: 8, acknowledged_errors: 8 });
    const notes = diagnostics.flatMap(({ note }) => note ?? []);
    expect(notes).toEqual(codes.map((code) => `note ${code}`));
    const closings = (await readHistory()).filter(({ closed_by }) => closed_by === 'operator');
    expect(closings.length).toBe(8);
  });
});
