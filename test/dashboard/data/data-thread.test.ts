import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DataClient, startData } from '../../../src/dashboard/data/data-client.ts';
import type { Overview } from '../../../src/dashboard/data/overview.ts';
import { parseLocation } from '../../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../../src/db/connection/open.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { addCustomer } from '../../support/fleet-data.ts';
import { insertInstance } from '../../support/fleet-rows.ts';
import { startSwallowingProxy } from '../../support/swallowing-proxy.ts';

const SLICE = { key: null, index: 0 };
const VIEW = { opened: [], closed: [], filter: '', order: 'name', onlyRed: false } as const;

/** What the thread says, one after the other. */
function listen(url: string) {
  const told: Overview[] = [];
  const deaths: Error[] = [];
  const setup = { location: parseLocation(url), actor: 'kim' };
  const data = startData(setup, {
    onOverview: (overview) => told.push(overview),
    onDeath: (error) => deaths.push(error),
  });
  const waitFor = async (isSo: (last: Overview) => boolean) =>
    await vi.waitFor(() => {
      const last = told.at(-1);
      if (!last || !isSo(last)) throw new Error('not yet');
      return last;
    }, 15_000);
  return { data, told, deaths, waitFor };
}

describe.each(DIALECTS)('the thread of the data on %s', (dialect) => {
  let database: TestDatabase;
  let open: DataClient | null = null;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await addCustomer(db, 'acme');
    for (let at = 0; at < 30; at += 1) await insertInstance(db, `acme/pc-${at}/app`);
    await db.destroy();
  });
  afterEach(async () => await open?.close());
  afterAll(() => database.drop());

  function start() {
    const listening = listen(database.url);
    open = listening.data;
    return listening;
  }

  it('tells of the fleet, and answers questions about it', async () => {
    const { data, waitFor } = start();
    await waitFor(({ counts }) => counts.grey + counts.green + counts.red === 30);
    const window = await data.ask('fleet', { view: { ...VIEW, opened: ['acme'] }, slice: SLICE });
    expect(window.total).toBe(31);
  });

  it('answers a question that was asked before anything was read', async () => {
    const { data } = start();
    const { rows } = await data.ask('customers', { slice: SLICE });
    expect(rows.map(({ slug }) => slug)).toContain('acme');
  });

  it('answers a question while the fleet is read', async () => {
    const { data, waitFor } = start();
    await waitFor(() => true);
    data.refresh();
    expect((await data.ask('customer', { slug: 'acme' }))?.customer.slug).toBe('acme');
  });

  it('makes a change, and tells of the fleet with it before it says so', async () => {
    const { data, told, waitFor } = start();
    await waitFor(() => true);
    const before = told.length;
    const created = await data.ask('customer create', { slug: `new-${before}` });
    expect(told.length).toBeGreaterThan(before);
    const { rows } = await data.ask('fleet', { view: VIEW, slice: SLICE });
    expect(rows.map(({ key }) => key)).toContain(created.slug);
  });

  it('says of a change that is refused why, and what to do', async () => {
    const { data } = start();
    const refused = data.ask('customer create', { slug: 'acme' });
    await expect(refused).rejects.toMatchObject({ code: 'conflict', hint: expect.any(String) });
  });

  it('refuses what is no path, and goes on', async () => {
    const { data } = start();
    await expect(data.ask('instance', { path: 'acme' })).rejects.toMatchObject({ code: 'usage' });
    expect(await data.ask('instance', { path: 'acme/pc-1/app' })).not.toBeNull();
  });

  it('is not missed when it is closed', async () => {
    const { data, deaths, waitFor } = start();
    await waitFor(() => true);
    await data.close();
    expect(deaths).toEqual([]);
  });

  it('that ends of itself is told once, and what was asked fails', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const { data, deaths, waitFor } = start();
    await waitFor(() => true);
    data.refresh();
    const worker = post.mock.contexts[0] as unknown as Worker;
    post.mockRestore();
    const ending = worker.terminate();
    await expect(data.ask('why', { path: 'acme' })).rejects.toThrow('ended with code 1');
    await ending;
    expect(deaths).toHaveLength(1);
    expect(deaths[0]?.message).toContain('ended with code 1');
  });
});

describe.runIf(DIALECTS.includes('postgres'))('a database that goes away', () => {
  it('is told with what was known of the fleet, and the thread lives on', async () => {
    const database = await createTestDatabase('postgres');
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await addCustomer(db, 'acme');
    await insertInstance(db, 'acme/pc-1/app');
    await db.destroy();
    const proxy = await startSwallowingProxy(database.url);
    const { data, deaths, waitFor } = listen(proxy.url);
    const before = await waitFor(() => true);
    await proxy.close();
    expect(await waitFor(({ away }) => away !== null)).toMatchObject({ counts: before.counts });
    const question = data.ask('diagnostics', { words: ['new'], slice: SLICE });
    await expect(question).rejects.toMatchObject({ code: 'database_unreachable' });
    expect(deaths).toEqual([]);
    await data.close();
    await database.drop();
  });
});

describe('a database that is not there', () => {
  it('ends the thread with what a command would say', async () => {
    const database = await createTestDatabase('sqlite');
    await rm(database.url, { force: true });
    const { deaths } = listen(database.url);
    await vi.waitFor(() => expect(deaths).toHaveLength(1), 15_000);
    expect(deaths[0]).toMatchObject({ code: 'database_missing' });
    await database.drop();
  });
});
