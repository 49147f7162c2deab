import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/databases.ts';
import { settle, startClients } from './accounting.ts';
import { startCarelessServer } from './careless-server.ts';
import { createInstallation, DEPLOYMENTS, type Installation } from './support.ts';

const KILLS = 5;

describe.each(DEPLOYMENTS)('a 2xx means on disk, on $name', (deployment) => {
  let installation: Installation;

  afterEach(() => installation.drop());

  it('loses no acknowledged message and invents none when it is killed under load', async () => {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'acme');
    const token = (await installation.fleet('token', 'create', 'acme')).stdout.trim();
    let server = await installation.serve();
    const clients = startClients({
      url: () => server.url,
      token,
      customer: 'acme',
      connections: 16,
    });
    for (let kill = 0; kill < KILLS; kill++) {
      await clients.acknowledge(200);
      await server.stop('SIGKILL');
      server = await installation.serve();
    }
    await clients.acknowledge(200);
    await server.stop('SIGKILL');
    await clients.stop();
    const { items } = await installation.json('machine', 'list', 'acme');
    const stored = items.map(({ machine }: { machine: string }) => machine);
    expect(settle(clients.account, stored)).toEqual({ lost: [], phantom: [] });
    expect(clients.account.acknowledged.size).toBeGreaterThan(KILLS * 200);
  });
});

describe('the accounting of the test above', () => {
  it('finds the losses of a server that answers before it commits', async () => {
    const database = await createTestDatabase('sqlite');
    const careless = await startCarelessServer(database.url);
    const { url, token } = careless;
    const clients = startClients({ url: () => url, token, customer: 'acme', connections: 16 });
    await clients.acknowledge(200);
    await careless.kill();
    await clients.stop();
    expect(settle(clients.account, await careless.listStored()).lost).not.toEqual([]);
    await database.drop();
  });
});
