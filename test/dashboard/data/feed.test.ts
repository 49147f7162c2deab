import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Feed } from '../../../src/dashboard/data/feed.ts';
import { listLines } from '../../../src/dashboard/data/lines.ts';
import type { Overview } from '../../../src/dashboard/data/overview.ts';
import { type Change, inTransaction } from '../../../src/db/change.ts';
import {
  activateCustomer,
  createCustomer,
  deactivateCustomer,
  updateCustomer,
} from '../../../src/db/customers/changes.ts';
import { forgetTogether } from '../../../src/db/forget/forget.ts';
import { registerNode, stopNode, touchNode } from '../../../src/db/nodes.ts';
import { setMachineOverdue } from '../../../src/db/overdue-limits.ts';
import type { Database } from '../../../src/db/schema.ts';
import { acknowledgeDiagnostic } from '../../../src/ingest/operator/diagnostics.ts';
import { DIALECTS } from '../../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
} from '../../support/fleet-data.ts';
import { DAY, HOUR, MINUTE, OVERDUE, SECOND, T0 } from '../../support/instance-model.ts';
import { clearScene } from '../../support/scene.ts';
import { Outage, refuseConnection } from '../support/outage.ts';

const NODE = { node: 'web-1:8443', overdueAfterMs: OVERDUE };
const PATH = { customer: 'acme', machine: 'pc-1', software: 'app' };

describe.each(DIALECTS)('the feed on %s', (dialect) => {
  let fleet: FleetDatabase;
  let reader: Kysely<Database>;
  const outage = new Outage();
  let nowMs = T0;
  let feed: Feed;
  let told: Overview[];
  let token: string;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    reader = (await fleet.connect()).withPlugin(outage);
  });
  afterAll(() => fleet.drop());

  beforeEach(async () => {
    outage.error = null;
    await clearScene(fleet.db);
    await fleet.db.deleteFrom('audit').execute();
    nowMs = T0;
    told = [];
    await addCustomer(fleet.db, 'acme');
    token = (await addToken(fleet.db, 'acme')).token;
    await inTransaction(fleet.db, (trx) => registerNode(trx, { ...NODE, nowMs }));
    await send('acme/pc-1/app');
    feed = new Feed({ db: reader, clock: () => nowMs, onOverview: (each) => told.push(each) });
    await feed.look();
  });

  async function send(path: string, kind: 'heartbeat' | 'diagnostics' = 'heartbeat', payload = {}) {
    const request = buildRequest(token, kind, { path, payload, receivedAtMs: nowMs });
    expect(await commitOne(createContext(fleet.db), request)).toMatchObject({ ok: true });
  }

  /** So much time passes in which the server listens and does so much. */
  async function pass(ms: number, { accepted = 0, refused = 0 } = {}) {
    nowMs += ms;
    const activity = { accepted, refused, notRecorded: 0 };
    await touchNode(fleet.db, { ...NODE, nowMs, listeningSinceMs: T0, activity });
  }

  async function look(): Promise<Overview> {
    await feed.look();
    const last = told.at(-1);
    if (!last) throw new Error('Nothing was told.');
    return last;
  }

  async function operate<Output>(
    work: (
      ...of: [Parameters<Parameters<typeof inTransaction<Output>>[1]>[0], Change]
    ) => Promise<Output>,
  ) {
    await inTransaction(fleet.db, (trx) => work(trx, { nowMs, actor: 'kim' }));
  }

  const lightOf = (path: string) => {
    const [customer = '', machine = ''] = path.split('/');
    return feed.model.fleet.customers.get(customer)?.machines.get(machine)?.light;
  };

  it('tells how many machines show which light', async () => {
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      ...{ revision: 1, atMs: T0, watchedUntilMs: T0, away: null },
      counts: { red: 0, yellow: 0, green: 1, grey: 0 },
    });
  });

  // PostgreSQL has no number that tells whether anything changed.
  if (dialect === 'sqlite') {
    it('tells nothing again where nothing changed', async () => {
      await feed.look();
      expect(told).toHaveLength(1);
    });
  }

  it('turns a device red that falls silent, though it changes no data', async () => {
    await pass(OVERDUE + SECOND);
    expect((await look()).counts).toMatchObject({ red: 1, green: 0 });
  });

  it('turns it red by the clock alone, without any change in the database', async () => {
    await pass(OVERDUE - SECOND);
    expect((await look()).counts).toMatchObject({ green: 1 });
    nowMs += 2 * SECOND;
    expect((await look()).counts).toMatchObject({ red: 1 });
  });

  it('turns it green again with its next heartbeat', async () => {
    await pass(OVERDUE + SECOND);
    await look();
    await send('acme/pc-1/app');
    expect((await look()).counts).toMatchObject({ red: 0, green: 1 });
  });

  it('sees instances that are new', async () => {
    await pass(SECOND);
    await send('acme/pc-1/watchdog');
    await send('acme/pc-2/app');
    expect((await look()).counts.green).toBe(2);
    expect(feed.model.fleet.customers.get('acme')?.machines.get('pc-1')?.software).toHaveLength(2);
  });

  it('sees what a node committed late, whose clock is a little behind', async () => {
    await pass(MINUTE);
    await send('acme/pc-2/app');
    await look();
    nowMs -= 2 * SECOND;
    await send('acme/pc-3/app');
    nowMs += 2 * SECOND + SECOND;
    expect((await look()).counts.green).toBe(3);
  });

  it('sees an acknowledgement', async () => {
    const items = [{ code: 17, severity: 2, message: 'expired' }];
    await send('acme/pc-1/app', 'diagnostics', { items });
    await pass(SECOND);
    expect((await look()).counts.red).toBe(1);
    await operate((trx, change) =>
      acknowledgeDiagnostic(trx, { path: PATH, code: 17, module: '' }, change),
    );
    await pass(SECOND);
    expect((await look()).counts).toMatchObject({ red: 0, yellow: 1 });
  });

  it('sees what an operator made it forget', async () => {
    await send('acme/pc-2/app');
    await look();
    const targets = [{ ...PATH, instances: 1 }];
    await operate((trx, change) => forgetTogether(trx, { level: 'software', targets }, change));
    await pass(SECOND);
    expect((await look()).counts.green).toBe(1);
    expect(lightOf('acme/pc-1')).toBeUndefined();
  });

  it('sees a customer that is created, and the name of one that is changed', async () => {
    await operate((trx, change) => createCustomer(trx, { slug: 'zeta' }, change));
    await operate((trx, change) => updateCustomer(trx, { slug: 'acme', name: 'Acme' }, change));
    await pass(SECOND);
    await look();
    const { customers } = feed.model.fleet;
    expect([...customers.values()].map(({ name }) => name).sort()).toEqual(['Acme', 'zeta']);
  });

  it('sees an overdue limit of a machine', async () => {
    await pass(2 * MINUTE);
    expect((await look()).counts.green).toBe(1);
    const limit = { customer: 'acme', machine: 'pc-1', overdueAfterMs: MINUTE };
    await operate((trx, change) => setMachineOverdue(trx, limit, change));
    await pass(SECOND);
    expect((await look()).counts.red).toBe(1);
  });

  it('leaves out a customer that is deactivated, until it is activated again', async () => {
    const slug = 'acme';
    await operate((trx, change) => deactivateCustomer(trx, { slug, recursive: false }, change));
    await pass(SECOND);
    expect((await look()).counts.green).toBe(0);
    expect(listLines(feed.model.fleet, { ...VIEW, filter: '' })).toEqual([]);
    await operate((trx, change) => activateCustomer(trx, { slug }, change));
    await pass(SECOND);
    expect((await look()).counts.green).toBe(1);
  });

  it('tells since when no server listens', async () => {
    await pass(SECOND);
    await stopNode(fleet.db, { ...NODE, nowMs, listeningSinceMs: T0 });
    const stoppedAtMs = nowMs;
    nowMs += DAY;
    expect(await look()).toMatchObject({ watchedUntilMs: stoppedAtMs, counts: { green: 1 } });
  });

  it('measures what the servers do, per second', async () => {
    await pass(10 * SECOND, { accepted: 50, refused: 5 });
    await look();
    await pass(SECOND);
    expect((await look()).rates).toEqual({ accepted: [5, 0], refused: [0.5, 0] });
  });

  it('never measures less than nothing, as when a server is forgotten', async () => {
    await pass(SECOND, { accepted: 50 });
    await look();
    await fleet.db.deleteFrom('node').execute();
    nowMs += SECOND;
    expect((await look()).rates.accepted).toEqual([50, 0]);
  });

  it('keeps what it has while the database is away, and tells how old that is', async () => {
    outage.error = refuseConnection();
    nowMs += SECOND;
    const { message } = outage.error;
    expect(await look()).toMatchObject({
      ...{ atMs: T0, counts: { green: 1 } },
      away: { message, ageMs: SECOND },
    });
    nowMs += HOUR;
    expect(await look()).toMatchObject({ atMs: T0, away: { ageMs: HOUR + SECOND } });
  });

  it('goes on at once when the database is back', async () => {
    outage.error = refuseConnection();
    nowMs += SECOND;
    await look();
    outage.error = null;
    await pass(SECOND);
    await send('acme/pc-2/app');
    expect(await look()).toMatchObject({ atMs: nowMs, away: null, counts: { green: 2 } });
  });

  it('fails where the database is away before anything was read', async () => {
    const other = new Feed({ db: reader, clock: () => nowMs, onOverview: () => undefined });
    outage.error = refuseConnection();
    await expect(other.look()).rejects.toThrow('ECONNREFUSED');
  });

  it('does not take an error of its own for a database that is away', async () => {
    outage.error = new TypeError('no such thing');
    nowMs += SECOND;
    await expect(feed.look()).rejects.toThrow('no such thing');
  });

  it('finds on refresh what nothing told of', async () => {
    await addCustomer(fleet.db, 'unaudited');
    await fleet.db.deleteFrom('instance').where('machine', '=', 'pc-1').execute();
    await feed.refresh();
    expect(told.at(-1)?.counts.green).toBe(0);
    expect(feed.model.fleet.customers.has('unaudited')).toBe(true);
  });

  it('looks once after the other, however often it is asked to', async () => {
    nowMs += SECOND;
    await Promise.all([feed.look(), feed.refresh(), feed.look()]);
    const revisions = told.map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.toSorted((one, two) => one - two));
    expect(new Set(revisions).size).toBe(revisions.length);
  });
});

const VIEW = { opened: [], closed: [], filter: '', order: 'worst', onlyRed: false } as const;
