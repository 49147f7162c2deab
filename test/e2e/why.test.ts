import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetServer } from '../support/servers.ts';
import { runFleet } from '../support/servers.ts';
import { createInstallation, type Installation, post, waitFor } from './support.ts';

describe('fleet why of the built program', () => {
  let installation: Installation;
  let server: FleetServer;
  let token: string;

  beforeAll(async () => {
    installation = await createInstallation('sqlite');
    await installation.fleet('customer', 'create', 'my-company');
    ({ token } = await installation.json('token', 'create', 'my-company'));
    server = await installation.serve();
  });
  afterAll(async () => {
    await server.stop();
    await installation.drop();
  });

  const beat = (path: string, bearer: string) =>
    post(`${server.url}/api/ingest/${path}/heartbeat`, { token: bearer });

  const ask = (path: string, code: string) =>
    waitFor(
      () => installation.json('why', path),
      ({ verdict_code }) => verdict_code === code,
    );

  /** Runs a command as it was copied, `&&` and all, and returns what the last one printed. */
  async function follow(command: string): Promise<string> {
    const env = { FLEET_DATABASE: installation.url };
    let printed = '';
    for (const each of command.split(' && ')) {
      const [, ...words] = each.split(' ');
      const { code, stdout, stderr } = await runFleet(words, { env });
      if (code !== 0) throw new Error(`${each}: ${stderr}`);
      printed = stdout.trim();
    }
    return printed;
  }

  it('leads from a customer that does not exist to a device that reports', async () => {
    expect((await beat('globex/pc-1/app', 'an-old-token')).status).toBe(401);
    await ask('globex/pc-1/app', 'token_unknown');
    const missing = await post(`${server.url}/api/ingest/globex/pc-1/app/heartbeat`);
    expect(missing.status).toBe(401);
    const { next_steps } = await ask('globex/pc-1/app', 'token_missing');
    const created = await follow(next_steps[0].command);
    expect((await beat('globex/pc-1/app', created)).status).toBe(200);
    await ask('globex/pc-1/app', 'healthy');
  });

  it('leads from a revoked token to one that works', async () => {
    const { id, token: old } = await installation.json('token', 'create', 'my-company');
    expect((await beat('my-company/pc-2/app', old)).status).toBe(200);
    await installation.fleet('token', 'revoke', id, '--yes');
    expect((await beat('my-company/pc-2/app', old)).status).toBe(401);
    const { health, last_accepted_at, next_steps } = await ask(
      'my-company/pc-2/app',
      'token_revoked',
    );
    expect({ health, wasAccepted: last_accepted_at !== null }).toEqual({
      health: 'green',
      wasAccepted: true,
    });
    const renewed = await follow(next_steps[0].command);
    expect((await beat('my-company/pc-2/app', renewed)).status).toBe(200);
    await ask('my-company/pc-2/app', 'healthy');
  });

  it('finds the device behind a misspelt machine', async () => {
    await ask('my-company/press-line/app', 'never_seen');
    expect((await beat('my-company/pres_line/app', token)).status).toBe(400);
    const { next_steps } = await ask('my-company/press-line/app', 'similar_refused');
    const shown = await follow(next_steps[0].command);
    expect(shown).toContain('my-company/pres_line/app/heartbeat');
    expect((await beat('my-company/press-line/app', token)).status).toBe(200);
    await ask('my-company/press-line/app', 'healthy');
  });

  it('leads from a deactivated customer back to work', async () => {
    await installation.fleet('customer', 'deactivate', 'my-company', '--yes');
    expect((await beat('my-company/pc-3/app', token)).status).toBe(403);
    const { next_steps } = await ask('my-company/pc-3/app', 'customer_inactive');
    await follow(next_steps[0].command);
    expect((await beat('my-company/pc-3/app', token)).status).toBe(200);
    await ask('my-company/pc-3/app', 'healthy');
  });

  it('blames no device while no server runs', async () => {
    const other = await createInstallation('sqlite');
    await other.fleet('customer', 'create', 'my-company');
    expect(await other.json('why', 'my-company')).toMatchObject({
      verdict_code: 'server_never_ran',
      server_seen_at: null,
    });
    await (await other.serve()).stop();
    expect(await other.json('why', 'my-company')).toMatchObject({ verdict_code: 'no_server' });
    await other.drop();
  });
});
