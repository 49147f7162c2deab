import { afterEach, describe, expect, it } from 'vitest';
import { startClients } from './accounting.ts';
import { createInstallation, DEPLOYMENTS, type Installation, post, waitFor } from './support.ts';

describe.each(DEPLOYMENTS)('other processes beside a busy server, on $name', (deployment) => {
  let installation: Installation;

  afterEach(() => installation.drop());

  async function start() {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'acme');
    const { token, id } = await installation.json('token', 'create', 'acme');
    return { server: await installation.serve(), token, id };
  }

  it('accepts nothing that started after a revocation returned, and commits nothing of it', async () => {
    const { server, token, id } = await start();
    const accepted: number[] = [];
    const refused: number[] = [];
    const clients = startClients({
      url: () => server.url,
      token,
      customer: 'acme',
      connections: 64,
      onAnswer: (startedAtMs, status) => (status === 200 ? accepted : refused).push(startedAtMs),
    });
    await clients.acknowledge(500);
    expect((await installation.fleet('token', 'revoke', id)).code).toBe(0);
    const revokedAtMs = performance.now();
    const before = (await installation.json('machine', 'list', 'acme')).items.length;
    await waitFor(
      async () => refused.length,
      (count) => count > 200,
    );
    await clients.stop();
    expect(accepted.filter((startedAtMs) => startedAtMs > revokedAtMs)).toEqual([]);
    expect((await installation.json('machine', 'list', 'acme')).items).toHaveLength(before);
    expect(clients.account.acknowledged.size).toBe(before);
    expect((await server.stop()).code).toBe(0);
  });

  it('lets a second process create customers in a loop while it ingests, without a busy error', async () => {
    const { server, token } = await start();
    const failures: number[] = [];
    const clients = startClients({
      url: () => server.url,
      token,
      customer: 'acme',
      connections: 16,
      onAnswer: (_startedAtMs, status) => {
        if (status !== 200) failures.push(status);
      },
    });
    await clients.acknowledge(100);
    for (let index = 0; index < 8; index++) {
      const { code, stderr } = await installation.fleet('customer', 'create', `customer-${index}`);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    }
    await clients.stop();
    expect(failures).toEqual([]);
    await server.stop();
  });

  it('shows refusals live to `rejections tail` in another process', async () => {
    const { server, token } = await start();
    const { startFollowing } = await import('./follow.ts');
    const tail = startFollowing(['rejections', 'tail', '--json'], installation.url);
    await tail.ready();
    await post(`${server.url}/api/ingest/acme/Bad/app/heartbeat`, { token });
    const line = await tail.nextLine();
    expect(JSON.parse(line)).toMatchObject({ reason: 'invalid_slug', machine: 'Bad', count: 1 });
    expect((await tail.interrupt()).code).toBe(130);
    await server.stop();
  });
});
