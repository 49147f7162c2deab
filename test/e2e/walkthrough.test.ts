import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetServer } from '../support/servers.ts';
import {
  type Answer,
  createInstallation,
  DEPLOYMENTS,
  DOCUMENT_PAYLOADS,
  type Installation,
  type PostOptions,
  post,
  waitFor,
} from './support.ts';

/** The published onboarding document from top to bottom, as an admin and a device go through it. */
describe.each(DEPLOYMENTS)('onboarding a device on $name', (deployment) => {
  let installation: Installation;
  let server: FleetServer;
  let token: string;
  const issued: string[] = [];

  beforeAll(async () => {
    installation = await createInstallation(deployment);
  });

  afterAll(async () => {
    await server?.stop();
    await installation.drop();
  });

  async function createToken(customer: string, ...flags: string[]): Promise<string> {
    const { code, stdout, stderr } = await installation.fleet(
      'token',
      'create',
      customer,
      ...flags,
    );
    if (code !== 0) throw new Error(stderr);
    issued.push(stdout.trim());
    return stdout.trim();
  }

  function send(path: string, options: PostOptions = {}): Promise<Answer> {
    return post(`${server.url}/api/ingest/${path}`, { token, ...options });
  }

  it('has no customer at first, and says so with what to type', async () => {
    const { code, stderr } = await installation.fleet('customer', 'list');
    expect(code).toBe(78);
    expect(stderr).toContain('Try:');
  });

  it('creates a customer', async () => {
    const created = await installation.json(
      'customer',
      'create',
      'my-company',
      '--name',
      'My Company',
    );
    expect(created).toMatchObject({ slug: 'my-company', name: 'My Company', created: true });
    expect((await installation.json('customer', 'list')).items).toHaveLength(1);
  });

  it('creates a token, alone on stdout and shown this once', async () => {
    const { stdout, stderr } = await installation.fleet('token', 'create', 'my-company');
    expect(stdout).toMatch(/^fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\n$/);
    token = stdout.trim();
    issued.push(token);
    expect(stderr).not.toContain(token);
    expect(JSON.stringify(await installation.json('token', 'list'))).not.toContain(token);
  });

  it('takes the three posts of the document', async () => {
    server = await installation.serve();
    for (const [endpoint, body] of Object.entries(DOCUMENT_PAYLOADS)) {
      const answer = await send(`my-company/server-01/my-app/${endpoint}`, { body });
      expect(answer).toMatchObject({ status: 200, body: { ok: true, accepted: 1 } });
      expect(answer.body).not.toHaveProperty('warnings');
    }
  });

  it('has registered the machine and its software by itself', async () => {
    const machines = await installation.json('machine', 'list');
    expect(machines.items).toMatchObject([
      { customer: 'my-company', machine: 'server-01', software_count: 1 },
    ]);
    expect(
      await installation.json('software', 'show', 'my-company/server-01/my-app'),
    ).toMatchObject({
      version: '1.0.0',
      uptime_seconds: 3600,
      pid: 1234,
      ips: ['10.0.0.5'],
      status: 'running',
      status_message: 'Application running',
      snapshot: { cpu: 45, memory: 2048 },
    });
  });

  it('answers the liveness and readiness probes', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  const HEARTBEAT = 'my-company/server-01/my-app/heartbeat';

  interface Refusal {
    name: string;
    path?: string;
    options: () => PostOptions | Promise<PostOptions>;
    status: number;
    reason: string;
    /** A part of the hint that solves it. */
    hint: string;
    /** Nothing of a body is kept before the token is known. */
    hasPayload: boolean;
  }

  const REFUSALS: Refusal[] = [
    {
      name: 'a missing token',
      options: () => ({ token: null }),
      status: 401,
      reason: 'token_missing',
      hint: 'fleet token create my-company',
      hasPayload: false,
    },
    {
      name: 'a mistyped token',
      options: () => ({ token: mistype(token) }),
      status: 401,
      reason: 'token_unknown',
      hint: 'fleet token create my-company',
      hasPayload: false,
    },
    {
      name: "a neighbour's token",
      options: async () => {
        await installation.fleet('customer', 'create', 'neighbour');
        return { token: await createToken('neighbour') };
      },
      status: 403,
      reason: 'customer_mismatch',
      hint: 'fleet token create my-company',
      hasPayload: true,
    },
    {
      name: 'an expired token',
      options: async () => {
        const expired = await createToken('my-company', '--expires', '1s');
        await new Promise((resolve) => setTimeout(resolve, 1_100));
        return { token: expired };
      },
      status: 401,
      reason: 'token_expired',
      hint: 'fleet token create my-company',
      hasPayload: true,
    },
    {
      name: 'a revoked token',
      options: async () => {
        const { token: revoked, id } = await installation.json('token', 'create', 'my-company');
        issued.push(revoked);
        expect((await installation.fleet('token', 'revoke', id)).code).toBe(0);
        return { token: revoked };
      },
      status: 401,
      reason: 'token_revoked',
      hint: 'fleet token create my-company',
      hasPayload: true,
    },
    {
      name: 'a bad slug',
      path: 'my-company/Server_01/my-app/heartbeat',
      options: () => ({}),
      status: 400,
      reason: 'invalid_slug',
      hint: 'server-01',
      hasPayload: false,
    },
    {
      name: 'broken JSON',
      options: () => ({ body: '{"version": "1.0.0",}' }),
      status: 400,
      reason: 'invalid_json',
      hint: 'JSON',
      hasPayload: true,
    },
    {
      name: 'a bad severity',
      path: 'my-company/server-01/my-app/diagnostics',
      options: () => ({ body: '{"items":[{"code":1,"message":"x","severity":7}]}' }),
      status: 422,
      reason: 'invalid_payload',
      hint: 'items[0].severity',
      hasPayload: true,
    },
    {
      name: 'an oversized body',
      options: () => ({ body: ' '.repeat(1024 * 1024 + 1) }),
      status: 413,
      reason: 'payload_too_large',
      hint: '1048576',
      hasPayload: false,
    },
    {
      name: 'an unknown encoding',
      options: () => ({ headers: { 'content-encoding': 'br' } }),
      status: 415,
      reason: 'unsupported_encoding',
      hint: 'gzip',
      hasPayload: false,
    },
    {
      name: 'a wrong endpoint',
      path: 'my-company/server-01/my-app/heartbeats',
      options: () => ({}),
      status: 404,
      reason: 'unknown_endpoint',
      hint: 'heartbeat',
      hasPayload: false,
    },
    {
      name: 'a wrong method',
      options: () => ({ method: 'PUT' }),
      status: 405,
      reason: 'unknown_endpoint',
      hint: 'POST',
      hasPayload: false,
    },
  ];

  it.each(REFUSALS)('refuses $name, says why, and logs it with what to do', async (refusal) => {
    const options = await refusal.options();
    const answer = await send(refusal.path ?? HEARTBEAT, options);
    expect(answer.status).toBe(refusal.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ reason: refusal.reason, status: refusal.status });
    expect(answer.body.detail).toMatch(/\S{3,}.*\.$/s);
    const { items } = await waitFor(
      () => installation.json('rejections', 'list', '--reason', refusal.reason),
      // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
      (list) => list.items.some((item: any) => item.http_status === refusal.status),
    );
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
    const logged = items.find((item: any) => item.http_status === refusal.status);
    expect(logged).toMatchObject({ customer: 'my-company', address: '127.0.0.1', count: 1 });
    expect(`${logged.hint} ${logged.detail}`).toContain(refusal.hint);
    expect(logged.payload === null).toBe(!refusal.hasPayload);
  });

  it('solves a refusal of the token by the command in its hint', async () => {
    const { items } = await installation.json('rejections', 'list', '--reason', 'token_expired');
    expect(items[0].command).toBe('fleet token create my-company');
    const renewed = await createToken('my-company');
    expect((await send(HEARTBEAT, { token: renewed })).status).toBe(200);
    const after = await installation.json('rejections', 'show', items[0].id);
    expect(after.solved).toBe(true);
  });

  it('solves a refusal of an unknown customer by the command in its hint', async () => {
    await send('zenith/server-01/my-app/heartbeat', { token: null });
    const { items } = await waitFor(
      () => installation.json('rejections', 'list', '--customer', 'zenith'),
      (list) => list.items.length > 0,
    );
    const commands: string[] = items[0].command.split(' && ');
    expect(commands).toEqual(['fleet customer create zenith', 'fleet token create zenith']);
    await installation.fleet('customer', 'create', 'zenith');
    const fresh = await createToken('zenith');
    expect((await send('zenith/server-01/my-app/heartbeat', { token: fresh })).status).toBe(200);
  });

  it('forgives slashes, takes gzip, and warns of unknown fields', async () => {
    expect((await send('/my-company//server-01/my-app/heartbeat/')).status).toBe(200);
    const body = await gzip('{"uptime":5,"version":"1.0.1"}');
    const answer = await send(HEARTBEAT, { body, headers: { 'content-encoding': 'gzip' } });
    expect(answer.body).toEqual({
      ok: true,
      accepted: 1,
      warnings: ["unknown field 'uptime' ignored"],
    });
  });

  it('tells a device whose token expires soon', async () => {
    const shortLived = await createToken('my-company', '--expires', '7d');
    const answer = await send(HEARTBEAT, { token: shortLived });
    const expires = Date.parse(answer.headers.get('fleet-token-expires') ?? '');
    expect(expires - Date.now()).toBeGreaterThan(6 * 86_400_000);
    expect((await send(HEARTBEAT)).headers.has('fleet-token-expires')).toBe(false);
  });

  it('refuses every token of a customer while it is deactivated', async () => {
    await installation.fleet('customer', 'deactivate', 'zenith', '--yes');
    const fresh = issued.at(-2) as string;
    const refused = await send('zenith/server-01/my-app/heartbeat', { token: fresh });
    expect(refused).toMatchObject({ status: 403, body: { reason: 'customer_inactive' } });
    await installation.fleet('customer', 'activate', 'zenith');
    expect((await send('zenith/server-01/my-app/heartbeat', { token: fresh })).status).toBe(200);
  });

  it('leaves no issued token in the database, the logs, or any list', async () => {
    const log = server.stderr() + server.stdout();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const lists = await Promise.all(
      [
        ['token', 'list', '--all'],
        ['rejections', 'list', '--limit', '1000'],
        ['audit', 'list', '--limit', '1000'],
      ].map((args) => installation.fleet(...args, '--json')),
    );
    const texts = [log, ...lists.map(({ stdout }) => stdout), ...(await readDatabaseFiles())];
    for (const each of issued) {
      expect(each).toMatch(/^fm_/);
      expect(texts.some((text) => text.includes(each))).toBe(false);
    }
  });

  async function readDatabaseFiles(): Promise<string[]> {
    if (deployment.dialect === 'postgres') return [];
    const directory = dirname(installation.url);
    const names = await readdir(directory);
    return await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')));
  }
});

function mistype(token: string): string {
  const last = token.at(-10) === 'a' ? 'b' : 'a';
  return `${token.slice(0, -10)}${last}${token.slice(-9)}`;
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
