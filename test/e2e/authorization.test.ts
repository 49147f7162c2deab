import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetServer } from '../support/servers.ts';
import {
  createInstallation,
  DEPLOYMENTS,
  DOCUMENT_PAYLOADS,
  type Installation,
  post,
} from './support.ts';

describe.each(DEPLOYMENTS)('who may speak for a customer, on $name', (deployment) => {
  let installation: Installation;
  let server: FleetServer;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'owner');
    await installation.fleet('customer', 'create', 'neighbour');
    await installation.fleet('customer', 'create', 'child', '--parent', 'owner');
    for (const customer of ['owner', 'neighbour', 'child']) {
      tokens[customer] = (await installation.fleet('token', 'create', customer)).stdout.trim();
    }
    server = await installation.serve();
  });

  afterAll(async () => {
    await server.stop();
    await installation.drop();
  });

  describe.each(Object.entries(DOCUMENT_PAYLOADS))('%s', (endpoint, body) => {
    const send = (customer: string, token: string | undefined) =>
      post(`${server.url}/api/ingest/${customer}/pc/app/${endpoint}`, {
        token: token ?? null,
        body,
      });

    it('takes the message of the owner', async () => {
      expect((await send('owner', tokens.owner)).status).toBe(200);
    });

    it('refuses a neighbour, and says the same whether the customer exists or not', async () => {
      const existing = await send('owner', tokens.neighbour);
      const missing = await send('nobody', tokens.neighbour);
      expect(existing.body).toMatchObject({ status: 403, reason: 'customer_mismatch' });
      expect({ ...missing.body, request_id: '' }).toEqual({ ...existing.body, request_id: '' });
      expect(JSON.stringify(existing.body)).not.toContain('owner');
    });

    it('refuses a stranger, and says the same whether the customer exists or not', async () => {
      const stranger = 'fm_00000000_00000000000000000000000000000000000000';
      const existing = await send('owner', stranger);
      const missing = await send('nobody', stranger);
      expect(existing.body).toMatchObject({ status: 401, reason: 'token_unknown' });
      expect(existing.headers.get('www-authenticate')).toBe('Bearer');
      expect({ ...missing.body, request_id: '' }).toEqual({ ...existing.body, request_id: '' });
    });

    it('refuses whoever shows no token', async () => {
      expect((await send('owner', undefined)).body).toMatchObject({
        status: 401,
        reason: 'token_missing',
      });
    });

    it('lets a token speak for its own customer only: not for a child, not for a parent', async () => {
      expect((await send('child', tokens.owner)).body.reason).toBe('customer_mismatch');
      expect((await send('owner', tokens.child)).body.reason).toBe('customer_mismatch');
    });
  });

  it('has registered what the owner sent, and nothing of the others', async () => {
    const { items } = await installation.json('machine', 'list', '--all');
    expect(items).toMatchObject([{ customer: 'owner', machine: 'pc' }]);
    expect(items).toHaveLength(1);
  });
});
