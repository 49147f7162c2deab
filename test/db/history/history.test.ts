import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstanceHistory, readInstanceHistory } from '../../../src/db/history/instance.ts';
import { readMachineUptime } from '../../../src/db/history/uptime.ts';
import { registerNode, stopNode } from '../../../src/db/nodes.ts';
import type { MessageKind } from '../../../src/protocol/messages.ts';
import { DIALECTS } from '../../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../../support/fleet-data.ts';
import { DAY, HOUR, MINUTE, SECOND, T0 } from '../../support/instance-model.ts';
import { describeStrip, windowOf } from '../../support/uptime.ts';

const PATH = { customer: 'my-company', machine: 'press-1', software: 'line-control' };
const NOW = T0 + 3 * DAY;

type Sent = [atMs: number, endpoint: MessageKind, payload: object];

const diagnostic = (code: number, severity: number, message: string) => ({
  diagnostics: [{ code, severity, message, module: 'pump', context: { bar: [1, null] } }],
});

/** Heartbeats every four minutes, of one process. */
function beats(fromMs: number, toMs: number, version: string): Sent[] {
  const sent: Sent[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += 4 * MINUTE) {
    sent.push([atMs, 'heartbeat', { version, uptime_seconds: (atMs - fromMs) / SECOND }]);
  }
  return sent;
}

/** Up for two hours, an update, off for the night, and up again; the server stops at the end of it. */
const LIFE: Sent[] = [
  ...beats(2 * DAY, 2 * DAY + 2 * HOUR, '1.0'),
  [2 * DAY, 'status', { status: 'running', message: 'fine' }],
  [2 * DAY, 'diagnostics', diagnostic(1, 1, 'low pressure')],
  [2 * DAY + HOUR, 'diagnostics', diagnostic(2, 2, 'no pressure')],
  ...beats(2 * DAY + 2 * HOUR + MINUTE, 2 * DAY + 4 * HOUR + MINUTE, '1.1'),
  [2 * DAY + 4 * HOUR, 'diagnostics', diagnostic(2, 0, 'pressure is back')],
  [2 * DAY + 4 * HOUR + MINUTE, 'status', { status: 'Stopped', message: 'good night' }],
  ...beats(2 * DAY + 18 * HOUR, 2 * DAY + 23 * HOUR, '1.1'),
  [2 * DAY + 18 * HOUR, 'status', { status: 'running', message: 'good morning' }],
  [2 * DAY + 18 * HOUR, 'diagnostics', diagnostic(3, 2, 'door open')],
];

describe.each(DIALECTS)('the history of an instance on %s', (dialect) => {
  let fleet: FleetDatabase;
  let history: InstanceHistory;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    const { db } = fleet;
    await addCustomer(db, 'my-company');
    const { token } = await addToken(db, 'my-company');
    const node = { node: 'node-1', overdueAfterMs: 5 * MINUTE };
    await db
      .transaction()
      .execute((trx) => registerNode(trx, { ...node, nowMs: T0 + 2 * DAY - HOUR }));
    for (const [atMs, endpoint, payload] of LIFE.toSorted(([one], [two]) => one - two)) {
      await send(token, { endpoint, payload, receivedAtMs: T0 + atMs });
    }
    await send(token, {
      ...{ endpoint: 'status', payload: { status: 'running' }, receivedAtMs: T0 + 2 * DAY },
      path: 'my-company/press-1/silent',
    });
    await send(token, {
      ...{ endpoint: 'heartbeat', payload: { version: '9' }, receivedAtMs: T0 + 2 * DAY },
      path: 'my-company/press-2/line-control',
    });
    const listeningSinceMs = T0 + 2 * DAY - HOUR;
    await stopNode(db, { node: 'node-1', nowMs: T0 + 2 * DAY + 23 * HOUR, listeningSinceMs });
    history = (await readInstanceHistory(db, PATH, { nowMs: NOW })) as InstanceHistory;
  });

  afterAll(() => fleet.drop());

  async function send(
    token: string,
    { endpoint, ...options }: { endpoint: MessageKind } & Parameters<typeof buildRequest>[2],
  ): Promise<void> {
    const outcome = await commitOne(
      createContext(fleet.db),
      buildRequest(token, endpoint, options),
    );
    if (!outcome.ok) throw new Error(reasonOf(outcome));
  }

  it('tells the availability of each window, without the time after the server stopped', () => {
    const down = 14 * HOUR - MINUTE;
    expect(windowOf(history, '24h')).toMatchObject({
      ...{ from: NOW - DAY, to: NOW, observed_ms: 23 * HOUR, up_ms: 23 * HOUR - down },
      ...{ outages: 1, restarts: 2 },
    });
    expect(describeStrip(windowOf(history, '24h'))).toBe(
      '4 up, 1 partly, 13 down, 5 up, 1 not_observed',
    );
    expect(describeStrip(windowOf(history, '7d'))).toBe(
      '24 before_first_heartbeat, 1 partly, 2 down, 1 up',
    );
    expect(describeStrip(windowOf(history, '30d'))).toBe('29 before_first_heartbeat, 1 partly');
  });

  it('tells outages, restarts and versions, newest first', () => {
    expect(history.outages).toEqual([
      {
        ...{ from: T0 + 2 * DAY + 4 * HOUR + MINUTE, to: T0 + 2 * DAY + 18 * HOUR },
        ...{ duration_ms: 14 * HOUR - MINUTE, stopped: true },
      },
    ]);
    expect(history.restarts).toEqual([
      { at: T0 + 2 * DAY + 18 * HOUR, silence_ms: 14 * HOUR - MINUTE },
      { at: T0 + 2 * DAY + 2 * HOUR + MINUTE, silence_ms: MINUTE },
    ]);
    expect(history.versions).toEqual([
      { version: '1.1', since: T0 + 2 * DAY + 2 * HOUR + MINUTE, until: null },
      { version: '1.0', since: T0 + 2 * DAY, until: T0 + 2 * DAY + 2 * HOUR + MINUTE },
    ]);
    expect(history.episodes).toMatchObject([
      { ended_by: null, beats: 76, episodes: 1 },
      { ended_by: 'restart', version: '1.1', up_ms: 2 * HOUR },
      { ended_by: 'restart', version: '1.0', up_ms: 2 * HOUR },
    ]);
  });

  it('tells the statuses, the present one first', () => {
    const told = history.statuses.map(({ status, message, since, until }) => [
      ...[status, message, (since - T0) / MINUTE, until === null ? null : (until - T0) / MINUTE],
    ]);
    const [day, hour] = [DAY / MINUTE, HOUR / MINUTE];
    expect(told).toEqual([
      ['running', 'good morning', 2 * day + 18 * hour, null],
      ['Stopped', 'good night', 2 * day + 4 * hour + 1, 2 * day + 18 * hour],
      ['running', 'fine', 2 * day, 2 * day + 4 * hour + 1],
    ]);
  });

  it('tells the open diagnostics, the severe first, and the closed ones', () => {
    expect(history.diagnostics).toMatchObject([
      { code: 3, severity: 2, message: 'door open', closed_at: null, closed_by: null },
      { code: 1, severity: 1, message: 'low pressure', context: { bar: [1, null] } },
    ]);
    expect(history.closed_diagnostics).toEqual([
      {
        ...PATH,
        ...{ code: 2, module: 'pump', severity: 2, message: 'no pressure', count: 1 },
        context: { bar: [1, null] },
        ...{ opened_at: T0 + 2 * DAY + HOUR, last_at: T0 + 2 * DAY + HOUR },
        ...{ closed_at: T0 + 2 * DAY + 4 * HOUR, closed_by: 'device', episodes: 1 },
        ...{ acknowledged_at: null, acknowledged_by: null, note: null },
      },
    ]);
  });

  it('counts a warning as closed that was not repeated for a day', async () => {
    const later = await readInstanceHistory(fleet.db, PATH, { nowMs: NOW + 1 });
    expect(later?.diagnostics.map(({ code }) => code)).toEqual([3]);
    expect(later?.closed_diagnostics).toMatchObject([
      { code: 1, closed_at: T0 + 3 * DAY, closed_by: 'expiry' },
      { code: 2, closed_by: 'device' },
    ]);
  });

  it('lists no more than is asked for, the newest', async () => {
    const short = await readInstanceHistory(fleet.db, PATH, { nowMs: NOW, limit: 1 });
    expect(short).toMatchObject({
      restarts: [{ silence_ms: 14 * HOUR - MINUTE }],
      versions: [{ version: '1.1' }],
      episodes: [{ ended_by: null }],
      statuses: [{ message: 'good morning' }],
      closed_diagnostics: [{ code: 2 }],
    });
    expect(windowOf(short as InstanceHistory, '24h').restarts).toBe(2);
    expect(short?.diagnostics).toHaveLength(2);
  });

  it('has nothing to tell of an instance that never sent a heartbeat', async () => {
    const silent = await readInstanceHistory(
      fleet.db,
      { ...PATH, software: 'silent' },
      { nowMs: NOW },
    );
    expect(silent).toMatchObject({
      ...{ outages: [], restarts: [], versions: [], episodes: [] },
      ...{ statuses: [{ status: 'running' }], diagnostics: [], closed_diagnostics: [] },
    });
    expect(windowOf(silent as InstanceHistory, '24h').availability).toBeNull();
  });

  it('is undefined where there is no such instance', async () => {
    const path = { ...PATH, software: 'other' };
    expect(await readInstanceHistory(fleet.db, path, { nowMs: NOW })).toBeUndefined();
  });

  it('tells of all instances of a machine, and of no other', async () => {
    const uptimes = await readMachineUptime(fleet.db, PATH, { nowMs: NOW });
    expect([...uptimes.keys()]).toEqual(['line-control', 'silent']);
    expect(uptimes.get('line-control')).toEqual({
      ...{ availability: history.availability, outages: history.outages },
      ...{ restarts: history.restarts, versions: history.versions, episodes: history.episodes },
    });
  });

  it('judges by the limit of the instance, its machine or its customer', async () => {
    await fleet.db
      .updateTable('customer')
      .set({ overdue_after_ms: 20 * HOUR })
      .where('slug', '=', 'my-company')
      .execute();
    const patient = await readInstanceHistory(fleet.db, PATH, { nowMs: NOW });
    expect(patient?.outages).toEqual([]);
    expect(windowOf(patient as InstanceHistory, '24h').availability).toBe(1);
  });
});
