import { CompiledQuery, type Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countDiagnostics, listDiagnostics } from '../../../src/db/diagnostics/queries.ts';
import { type DiagnosticFilter, selectCurrent } from '../../../src/db/diagnostics/sources.ts';
import type { Database, Diagnostic, DiagnosticEpisode } from '../../../src/db/schema.ts';
import { DIALECTS } from '../../support/databases.ts';
import { addCustomer, createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';
import { DAY, HOUR, MINUTE, T0 } from '../../support/instance-model.ts';

const NOW = T0 + 10 * DAY;

const SAID: Diagnostic = {
  ...{ customer: 'my-company', machine: 'pc-1', software: 'app', code: 500, module: '' },
  ...{ severity: 2, message: 'jam', context: null, count: 1, opened_at: T0, last_at: NOW - HOUR },
  ...{ acknowledged_at: null, acknowledged_by: null, note: null },
};

const ACKNOWLEDGED = { acknowledged_at: NOW, acknowledged_by: 'anna', note: 'on it' };

describe.each(DIALECTS)('the list of diagnostics on %s', (dialect) => {
  let fleet: FleetDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    db = fleet.db;
    for (const slug of ['my-company', 'neighbour']) await addCustomer(db, slug);
    await addCustomer(db, 'former', { deactivated_at: T0 });
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    for (const table of ['diagnostic', 'diagnostic_history'] as const)
      await db.deleteFrom(table).execute();
  });

  const say = async (...rows: Partial<Diagnostic>[]) => {
    const values = rows.map((row) => ({ ...SAID, ...row }));
    await db.insertInto('diagnostic').values(values).execute();
  };

  const close = async (...rows: (Partial<DiagnosticEpisode> & { closed_at: number })[]) => {
    const values = rows.map((row) => ({ ...SAID, closed_by: 'device', episodes: 1, ...row }));
    await db.insertInto('diagnostic_history').values(values).execute();
  };

  const list = async (filter: Partial<DiagnosticFilter> = {}) => {
    const { items } = await listDiagnostics(db, { nowMs: NOW, ...filter });
    expect(await countDiagnostics(db, { nowMs: NOW, ...filter })).toBe(items.length);
    return items.map(({ code }) => code);
  };

  it('has what is open, the worst first, and of equals what was reported last', async () => {
    await say(
      { code: 1, severity: 0 },
      { code: 2, severity: 1, last_at: NOW },
      { code: 3, severity: 2, ...ACKNOWLEDGED, last_at: NOW },
      { code: 4, severity: 2, last_at: NOW - 2 * HOUR },
      { code: 5, severity: 2 },
      { code: 6, severity: 1, ...ACKNOWLEDGED, last_at: NOW },
    );
    expect(await list()).toEqual([5, 4, 3, 2, 6]);
  });

  it('shows each with all that is known of it', async () => {
    await say({ module: 'pump', context: '{"c":80}', count: 3, ...ACKNOWLEDGED });
    const { items } = await listDiagnostics(db, { nowMs: NOW });
    expect(items).toEqual([
      {
        ...{ ...SAID, module: 'pump', context: { c: 80 }, count: 3, ...ACKNOWLEDGED },
        ...{ closed_at: null, closed_by: null, episodes: 1 },
      },
    ]);
  });

  it('takes a warning that was not repeated for 24 hours for closed, and an error not', async () => {
    await say(
      { code: 1, severity: 1, last_at: NOW - DAY },
      { code: 2, severity: 1, last_at: NOW - DAY - 1 },
      { code: 3, severity: 2, last_at: NOW - 9 * DAY },
    );
    expect(await list()).toEqual([3, 1]);
    const { items } = await listDiagnostics(db, { nowMs: NOW, codes: [2], includeClosed: true });
    expect(items).toMatchObject([{ code: 2, severity: 1, closed_at: NOW - 1 }]);
  });

  it('with closed ones has all by time: when they were closed, or else reported last', async () => {
    await say({ code: 1, last_at: NOW - 3 * HOUR }, { code: 2, severity: 1 });
    await close(
      { code: 3, closed_at: NOW - 2 * HOUR },
      { code: 4, closed_at: NOW - 4 * HOUR },
      { code: 5, closed_at: NOW },
    );
    expect(await list({ includeClosed: true })).toEqual([5, 2, 3, 1, 4]);
  });

  it('has the last words on what is not open where severity 0 is asked for', async () => {
    await say({ code: 1, severity: 0 }, { code: 2, severity: 2 });
    expect(await list({ severities: [0] })).toEqual([1]);
    expect(await list({ severities: [0, 2] })).toEqual([2, 1]);
    expect(await list({ severities: [1] })).toEqual([]);
  });

  it('takes all that is given, and one of a list', async () => {
    await say(
      { code: 1 },
      { code: 2, machine: 'pc-2' },
      { code: 3, machine: 'pc-2', software: 'gateway', last_at: NOW - DAY },
      { code: 4, customer: 'neighbour', severity: 1 },
      { code: -5, customer: 'neighbour' },
    );
    await close({ code: 6, customer: 'neighbour', closed_at: NOW - MINUTE, last_at: T0 });
    const company = { customer: 'my-company' };
    expect(await list(company)).toEqual([2, 1, 3]);
    expect(await list({ ...company, machine: 'pc-2' })).toEqual([2, 3]);
    expect(await list({ ...company, machine: 'pc-2', software: 'gateway' })).toEqual([3]);
    expect(await list({ customers: ['neighbour', 'other'] })).toEqual([-5, 4]);
    expect(await list({ ...company, customers: ['neighbour'] })).toEqual([]);
    expect(await list({ codes: [1, -5, 99] })).toEqual([-5, 1]);
    expect(await list({ sinceMs: NOW - 2 * HOUR, severities: [2] })).toEqual([-5, 2, 1]);
    expect(await list({ sinceMs: NOW - 2 * MINUTE, includeClosed: true })).toEqual([6]);
  });

  it('hides what deactivated customers had, unless asked', async () => {
    await say({ code: 1, customer: 'former' }, { code: 2 });
    await close({ code: 3, customer: 'former', closed_at: NOW });
    expect(await list()).toEqual([2]);
    expect(await list({ includeClosed: true })).toEqual([2]);
    expect((await list({ includeClosed: true, includeDeactivated: true })).sort()).toEqual([
      1, 2, 3,
    ]);
  });

  it.each([false, true])('comes in pages without gap or repetition (closed: %s)', async (all) => {
    const places = Array.from({ length: 30 }, (_, at) => ({
      ...{ code: at % 5, module: ['', 'pump', 'Ä'][at % 3] ?? '', machine: `pc-${at % 10}` },
      ...{ opened_at: T0 + at, severity: 1 + (at % 2), last_at: NOW - HOUR * (at % 4) },
    }));
    await say(...places);
    await close(...places.map((place) => ({ ...place, closed_at: place.last_at })));
    const filter = { nowMs: NOW, includeClosed: all };
    const whole = (await listDiagnostics(db, filter)).items;
    const paged: typeof whole = [];
    let cursor: string | undefined;
    do {
      const page = await listDiagnostics(db, filter, { limit: 7, cursor });
      paged.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
    expect(whole).toHaveLength(all ? 60 : 30);
  });

  it('refuses the cursor of the other order', async () => {
    await say({ code: 1 }, { code: 2 });
    const { next_cursor } = await listDiagnostics(db, { nowMs: NOW }, { limit: 1 });
    const asked = listDiagnostics(
      db,
      { nowMs: NOW, includeClosed: true },
      { cursor: next_cursor ?? '' },
    );
    await expect(asked).rejects.toThrow(/cursor/);
  });

  it.runIf(dialect === 'sqlite').each([
    ['of the whole fleet', {}],
    ['of errors', { severities: [2] }],
    ['of a customer', { customer: 'my-company' }],
    ['of several', { customers: ['my-company', 'neighbour'] }],
  ])('%s reads no row that is not open', async (_, filter) => {
    const { sql, parameters } = selectCurrent(db, { nowMs: NOW, ...filter }).compile();
    const query = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery<{ detail: string }>(query);
    expect(rows[0]?.detail).toMatch(/^(SCAN|SEARCH) d USING INDEX diagnostic_open/);
  });
});
