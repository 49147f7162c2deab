import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitFlags } from '../../src/cli/serve/limit-flags.ts';
import { DIALECTS } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';
import { settle, startClients } from './accounting.ts';
import { createInstallation, type Installation, post, waitFor } from './support.ts';

let installation: Installation;

async function createToken(customer: string): Promise<string> {
  await installation.fleet('customer', 'create', customer);
  return (await installation.fleet('token', 'create', customer)).stdout.trim();
}

describe.each(DIALECTS)('fleet serve on %s', (dialect) => {
  beforeEach(async () => {
    installation = await createInstallation(dialect);
  });
  afterEach(() => installation.drop());

  it('stops under load soon and in order, with every acknowledged message stored', async () => {
    const token = await createToken('acme');
    const server = await installation.serve();
    const { url } = server;
    const clients = startClients({ url: () => url, token, customer: 'acme', connections: 16 });
    await clients.acknowledge(200);
    const startedAtMs = performance.now();
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    await clients.stop();
    const { items } = await installation.json('machine', 'list', 'acme');
    const stored = items.map(({ machine }: { machine: string }) => machine);
    expect(settle(clients.account, stored)).toEqual({ lost: [], phantom: [] });
    expect(server.stderr()).toContain('"msg":"stopped"');
  });

  it('writes the refusals of its last moment to the log before it ends', async () => {
    const server = await installation.serve();
    await post(`${server.url}/api/ingest/acme/m1/app/heartbeat`);
    expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null });
    const { items } = await installation.json('rejections', 'list');
    expect(items).toMatchObject([{ reason: 'token_missing', customer: 'acme', machine: 'm1' }]);
  });

  it('--machine-limit 1 refuses the second machine, with the command that lets it in', async () => {
    const token = await createToken('acme');
    const server = await installation.serve('--machine-limit', '1');
    const send = (machine: string) =>
      post(`${server.url}/api/ingest/acme/${machine}/app/heartbeat`, { token });
    expect((await send('m1')).status).toBe(200);
    const refused = await send('m2');
    expect(refused).toMatchObject({ status: 403, body: { reason: 'machine_limit_reached' } });
    expect((await send('m1')).status).toBe(200);
    const { items } = await waitFor(
      () => installation.json('rejections', 'list', '--reason', 'machine_limit_reached'),
      (list) => list.items.length > 0,
    );
    expect(items).toMatchObject([{ customer: 'acme', machine: 'm2' }]);
    expect(items[0].command).toMatch(/^fleet customer update acme --machine-limit \d+$/);
    expect((await installation.fleet(...items[0].command.split(' ').slice(1))).code).toBe(0);
    expect((await send('m2')).status).toBe(200);
    await server.stop();
  });
});

describe('fleet serve', () => {
  beforeEach(async () => {
    installation = await createInstallation('sqlite');
  });
  afterEach(() => installation.drop());

  it.each(['0.0.0.0', '::', '192.168.0.1', 'fleet.example.com'])(
    'does not listen on %s without TLS unless told to',
    async (host) => {
      const { code, stderr } = await installation.fleet('serve', '--host', host, '--port', '0');
      expect(code).toBe(2);
      expect(stderr).toContain('--allow-plaintext');
    },
  );

  it('listens on every address with --allow-plaintext, and says where to reach it', async () => {
    const server = await installation.serve('--host', '0.0.0.0', '--allow-plaintext');
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.stop();
  });

  it('ends with a conflict where the port is in use, and leaves the other server alone', async () => {
    const server = await installation.serve();
    const { port } = new URL(server.url);
    const { code, stderr } = await installation.fleet('serve', '--port', port);
    expect(code).toBe(5);
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).toContain(`fleet serve --port ${Number(port) + 1}`);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.stop();
  });

  it('says what to type next: from the first customer to the first machine', async () => {
    const server = await installation.serve();
    await server.stop();
    const greeting = server.stderr();
    const lines = ['customer create', 'token create', 'curl -H', 'machine list', 'rejections tail'];
    for (const line of lines) expect(greeting).toContain(line);
    expect(greeting).toContain(`${server.url}/api/ingest/my-company/server-01/my-app/heartbeat`);
  });

  it('shows the default of every limit in its help', async () => {
    const { code, stdout } = await runFleet(['serve', '--help']);
    expect(code).toBe(0);
    const help = stdout.replace(/\s+/g, ' ');
    for (const [name, { default: value }] of Object.entries(limitFlags)) {
      const shown = name === 'overdue-after' ? '5m' : value;
      expect(help).toMatch(new RegExp(`--${name}=<\\w+> \\[default: ${shown},`));
    }
  });

  it.each([
    ['--port', '65536'],
    ['--machine-limit', '0'],
    ['--shutdown-timeout', 'soon'],
  ])('refuses %s %s as a mistake in usage', async (flag, value) => {
    const { code, stderr } = await installation.fleet('serve', flag, value);
    expect([code, stderr.includes(value)]).toEqual([2, true]);
  });
});
