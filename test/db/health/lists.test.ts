import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listMachines } from '../../../src/db/machines.ts';
import type { Page, PageRequest } from '../../../src/db/page.ts';
import { listSoftware } from '../../../src/db/software.ts';
import { DIALECTS } from '../../support/databases.ts';
import { addCustomer, createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';
import { insertInstance } from '../../support/fleet-rows.ts';
import { HOUR, MINUTE, T0 } from '../../support/instance-model.ts';

const STATES = {
  red: { status: 'error', last_beat_at: T0 },
  yellow: { status: 'degraded', last_beat_at: T0 },
  green: { status: 'running', last_beat_at: T0 },
  grey: {},
} as const;

describe.each(DIALECTS)('lists with lights on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    await addCustomer(fleet.db, 'alpha', { overdue_after_ms: HOUR });
    await addCustomer(fleet.db, 'beta');
    await addCustomer(fleet.db, 'gone', { deactivated_at: T0 });
    const lights: [path: string, light: keyof typeof STATES][] = [
      ['alpha/pc-1/app', 'green'],
      ['alpha/pc-1/job', 'red'],
      ['alpha/pc-2/app', 'yellow'],
      ['alpha/pc-3/app', 'green'],
      ['beta/pc-1/app', 'red'],
      ['beta/pc-2/app', 'grey'],
      ['beta/pc-3/job', 'red'],
      ['gone/pc-1/app', 'red'],
    ];
    for (const [path, light] of lights) {
      await insertInstance(fleet.db, path, { seenAtMs: T0, ...STATES[light] });
    }
  });

  afterAll(() => fleet.drop());

  const filter = { nowMs: T0 };

  const pathOf = (item: { customer: string; machine: string; software?: string }) =>
    [item.customer, item.machine, item.software].filter((part) => part !== undefined).join('/');

  /** What all pages hold together, page by page. */
  async function readPages<Item extends { customer: string; machine: string }>(
    list: (request: PageRequest) => Promise<Page<Item> & { total: number | null }>,
    limit: number,
  ) {
    const pages: { paths: string[]; total: number | null }[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit, cursor });
      pages.push({ paths: page.items.map(pathOf), total: page.total });
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    return pages;
  }

  it('judge each machine by its software', async () => {
    const { items } = await listMachines(fleet.db, filter);
    expect(items.map((item) => [pathOf(item), item.health.light])).toEqual([
      ['alpha/pc-1', 'red'],
      ['alpha/pc-2', 'yellow'],
      ['alpha/pc-3', 'green'],
      ['beta/pc-1', 'red'],
      ['beta/pc-2', 'grey'],
      ['beta/pc-3', 'red'],
    ]);
    expect(items[0]).toMatchObject({
      health: { reasons: [{ code: 'status_error', text: 'job: status error' }] },
      ...{ customer_overdue_after_ms: HOUR, effective_overdue_after_ms: HOUR },
    });
    expect(items[4]).toMatchObject({ effective_overdue_after_ms: 5 * MINUTE });
  });

  it('give machines of some lights, in pages that know their total', async () => {
    const list = (request: PageRequest) =>
      listMachines(fleet.db, { ...filter, health: ['red', 'grey'] }, request);
    expect(await readPages(list, 3)).toEqual([
      { paths: ['alpha/pc-1', 'beta/pc-1', 'beta/pc-2'], total: 4 },
      { paths: ['beta/pc-3'], total: null },
    ]);
    expect(await readPages(list, 4)).toHaveLength(1);
  });

  it('give software of some lights, in pages that know their total', async () => {
    const list = (request: PageRequest) =>
      listSoftware(fleet.db, { ...filter, health: ['red'] }, request);
    expect(await readPages(list, 1)).toEqual([
      { paths: ['alpha/pc-1/job'], total: 3 },
      { paths: ['beta/pc-1/app'], total: 3 },
      { paths: ['beta/pc-3/job'], total: null },
    ]);
    const { items } = await listSoftware(fleet.db, { ...filter, health: ['red'] });
    expect(items.every(({ health }) => health.light === 'red')).toBe(true);
    expect(items[0]).toMatchObject({ status: 'error', effective_overdue_after_ms: HOUR });
  });

  it.each([
    [{ customer: 'beta' }, ['beta/pc-1/app', 'beta/pc-3/job']],
    [{ search: 'JOB' }, ['alpha/pc-1/job', 'beta/pc-3/job']],
    [{ customer: 'alpha', machine: 'pc-2' }, []],
    [{ customer: 'gone' }, []],
    [{ customer: 'gone', includeDeactivated: true }, ['gone/pc-1/app']],
    [{ customer: 'nobody' }, []],
  ])('narrow the red ones further by %j', async (more, expected) => {
    const narrowed = { ...filter, ...more, health: ['red'] as const };
    const { items, next_cursor } = await listSoftware(fleet.db, narrowed);
    expect({ paths: items.map(pathOf), next_cursor }).toEqual({
      paths: expected,
      next_cursor: null,
    });
  });
});
