import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openDatabase } from '../../src/db/connection/open.ts';
import { readFleet } from '../../src/db/health/fleet.ts';
import type { FleetServer } from '../support/servers.ts';
import { createInstallation, DEPLOYMENTS, type Installation, post } from './support.ts';

const PATH = 'my-company/pc-1/app';

describe.each(DEPLOYMENTS)('the way of a diagnostic on $name', (deployment) => {
  let installation: Installation;
  let server: FleetServer;
  let token: string;

  beforeAll(async () => {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'my-company');
    ({ token } = await installation.json('token', 'create', 'my-company'));
    server = await installation.serve();
  });
  afterAll(async () => {
    await server?.stop();
    await installation.drop();
  });

  const send = async (endpoint: string, body: unknown) => {
    const url = `${server.url}/api/ingest/${PATH}/${endpoint}`;
    const { status } = await post(url, { token, body: JSON.stringify(body) });
    expect(status).toBe(200);
  };

  const report = (severity: number) =>
    send('diagnostics', { items: [{ code: 1000, severity, message: 'jam' }] });

  /** The light of the instance, after a heartbeat for which no server may have forgotten anything. */
  const light = async () => {
    await send('heartbeat', {});
    const db = await openDatabase(parseLocation(installation.url), { access: 'read' });
    try {
      const { fleet } = await readFleet(db, { customer: 'my-company', nowMs: Date.now() });
      return fleet.customers.get('my-company')?.light;
    } finally {
      await db.destroy();
    }
  };

  const list = async (...args: string[]) =>
    (await installation.json('diagnostics', 'list', PATH, ...args)).items;

  it('leads from red over yellow to green, with every act of the operator', async () => {
    await report(1);
    expect(await light()).toBe('yellow');
    await installation.json('diagnostics', 'ack', PATH, '1000', '--note', 'looking');
    expect(await light()).toBe('yellow');
    await report(2);
    expect(await light()).toBe('red');
    expect(await list()).toMatchObject([{ severity: 2, acknowledged_at: null, note: null }]);
    await installation.json('diagnostics', 'ack', PATH, '1000', '--note', 'part ordered');
    expect(await light()).toBe('yellow');
    await report(2);
    expect(await light()).toBe('yellow');
    expect(await list()).toMatchObject([{ count: 2, note: 'part ordered' }]);
    await report(0);
    expect(await light()).toBe('green');
    await report(2);
    expect(await light()).toBe('red');
    await installation.json('diagnostics', 'close', PATH, '1000');
    expect(await light()).toBe('green');
    await report(2);
    expect(await light()).toBe('red');
    const all = await list('--all');
    expect(
      all.map(({ severity, note }: { severity: number; note: string | null }) => ({
        severity,
        note,
      })),
    ).toEqual([
      { severity: 2, note: null },
      { severity: 2, note: null },
      { severity: 2, note: 'part ordered' },
      { severity: 1, note: 'looking' },
    ]);
    await installation.json('diagnostics', 'close', PATH, '1000');
  });

  it('is not lost where many devices report while operators act', async () => {
    let isOver = false;
    const devices = Array.from({ length: 4 }, async () => {
      for (let beats = 0; !isOver || beats < 20; beats++) {
        await send('heartbeat', {});
        await send('diagnostics', { items: [{ code: 1, severity: 2, message: `${beats}` }] });
      }
    });
    await report(2);
    for (const note of ['a', 'b', 'c']) {
      const acknowledged = await installation.json(
        'diagnostics',
        'ack',
        PATH,
        '1000',
        '--note',
        note,
      );
      expect(acknowledged.note).toBe(note);
      const [stored] = await list('--code', '1000');
      expect(stored).toMatchObject({ note, closed_at: null });
    }
    await installation.json('diagnostics', 'close', PATH, '1000');
    isOver = true;
    await Promise.all(devices);
    expect(await list()).toMatchObject([{ code: 1 }]);
    await installation.json('diagnostics', 'ack', PATH, '1');
    expect(await light()).toBe('yellow');
  });
});
