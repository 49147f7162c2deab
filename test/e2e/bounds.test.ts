import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openDatabase } from '../../src/db/connection/open.ts';
import { settle, startClients } from './accounting.ts';
import { createInstallation, DEPLOYMENTS, type Installation, post, waitFor } from './support.ts';

const HUNDRED_DAYS_MS = 100 * 86_400_000;

describe.each(DEPLOYMENTS)('a limit that is reached on $name', (deployment) => {
  let installation: Installation;
  let token: string;

  beforeEach(async () => {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'acme');
    ({ token } = await installation.json('token', 'create', 'acme'));
  });
  afterEach(() => installation.drop());

  /** Makes the past: the machine was last seen a hundred days ago. */
  async function age(machine: string): Promise<void> {
    const db = await openDatabase(parseLocation(installation.url), { access: 'write' });
    await db
      .updateTable('instance')
      .set({ last_seen_at: Date.now() - HUNDRED_DAYS_MS })
      .where('machine', '=', machine)
      .execute();
    await db.destroy();
  }

  const readRejection = (reason: string) =>
    waitFor(
      async () => (await installation.json('rejections', 'list', '--reason', reason)).items[0],
      (rejection) => rejection !== undefined,
    );

  it.each([
    ['--machine-limit', 'machine_limit_reached', 'm1/app', 'm2/app', /fleet machine forget [^)]+/],
    ['--instance-limit', 'instance_limit_reached', 'm1/app', 'm1/web', /fleet software forget .+$/],
  ])(
    'by %s 1 is made room under by the hint of its rejection',
    async (flag, reason, old, fresh, command) => {
      const server = await installation.serve(flag, '1');
      const send = (path: string) =>
        post(`${server.url}/api/ingest/acme/${path}/heartbeat`, { token });
      expect((await send(old)).status).toBe(200);
      expect(await send(fresh)).toMatchObject({ status: 403, body: { reason } });
      await age('m1');
      const { id, hint } = await readRejection(reason);
      const [, ...args] = command.exec(hint)?.[0].split(' ') ?? [];
      const { code, stdout } = await installation.fleet(...args, '--yes');
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^forgot acme\/m1/),
      });
      expect((await send(fresh)).status).toBe(200);
      expect(await send(old)).toMatchObject({ status: 403, body: { reason } });
      expect(await installation.json('rejections', 'show', id)).toMatchObject({ solved: true });
      await server.stop();
    },
  );

  it('loses nothing that is acknowledged while many machines are forgotten beside it', async () => {
    const server = await installation.serve();
    const statuses = new Set<number>();
    const clients = startClients({
      url: () => server.url,
      token,
      customer: 'acme',
      connections: 8,
      onAnswer: (_startedAtMs, status) => statuses.add(status),
    });
    await clients.acknowledge(200);
    const old = [...clients.account.acknowledged];
    for (const machine of old.slice(0, 20)) await age(machine);
    const { forgotten } = await installation.json(
      ...['machine', 'forget', '--not-seen-for', '90d', 'acme', '--yes'],
    );
    await clients.acknowledge(100);
    await clients.stop();
    expect(statuses).toEqual(new Set([200]));
    const gone = new Set(forgotten.map(({ machine }: { machine: string }) => machine));
    expect(gone).toEqual(new Set(old.slice(0, 20)));
    const { items } = await installation.json('machine', 'list', 'acme');
    const stored = items.map(({ machine }: { machine: string }) => machine);
    expect(settle(clients.account, [...stored, ...gone])).toEqual({ lost: [], phantom: [] });
    expect((await installation.json('customer', 'show', 'acme')).machines).toBe(stored.length);
    await server.stop();
  });
});
