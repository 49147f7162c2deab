import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/databases.ts';
import type { FleetServer } from '../support/servers.ts';
import { createInstallation, type Installation, post, waitFor } from './support.ts';

const beat = (machine: string) =>
  JSON.stringify({ machine, software: 'app', kind: 'heartbeat', version: '1.0.0' });

const beats = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => beat(`${name}-${index}`)).join('\n');

/** Customers that are an owner, a neighbour and a stranger to each other's machines. */
async function createCustomers(installation: Installation): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {
    stranger: 'fm_00000000_00000000000000000000000000000000000000',
  };
  for (const customer of ['owner', 'neighbour']) {
    await installation.fleet('customer', 'create', customer);
    tokens[customer] = (await installation.fleet('token', 'create', customer)).stdout.trim();
  }
  return tokens;
}

async function listMachines(installation: Installation, customer: string): Promise<string[]> {
  const { items } = await installation.json('machine', 'list', customer);
  return items.map(({ machine }: { machine: string }) => machine);
}

describe.each(DIALECTS)('a gateway on %s', (dialect) => {
  let installation: Installation;
  let server: FleetServer;
  let tokens: Record<string, string>;

  beforeAll(async () => {
    installation = await createInstallation(dialect);
    tokens = await createCustomers(installation);
    server = await installation.serve('--machine-limit', '500');
  });
  afterAll(async () => {
    await server.stop();
    await installation.drop();
  });

  const send = (body: string | Uint8Array<ArrayBuffer>, by = 'owner', headers = {}) =>
    post(`${server.url}/api/ingest/owner/batch`, { token: tokens[by] ?? null, body, headers });

  it('reports for many machines in one request, as plain text or packed', async () => {
    const plain = await send(beats('plain', 100));
    expect(plain).toMatchObject({ status: 200, body: { ok: true, accepted: 100, rejected: [] } });
    const packed = new Uint8Array(gzipSync(beats('packed', 100)));
    const answer = await send(packed, 'owner', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 200, body: { ok: true, accepted: 100, rejected: [] } });
    expect(await listMachines(installation, 'owner')).toHaveLength(200);
  });

  it('may send what curl sends of a file', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send(`${beat('curl')}\r\n`, 'owner', headers)).body.accepted).toBe(1);
  });

  it('learns which line is wrong and why, and so does the operator', async () => {
    const bad = JSON.stringify({
      ...{ machine: 'press-9', software: 'app', kind: 'status' },
      ...{ status: '', password: 'hunter2' },
    });
    const { status, body } = await send([beat('press-8'), bad, '{', beat('press-9')].join('\n'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ ok: true, accepted: 2 },
      rejected: [
        { line: 2, reason: 'invalid_payload', detail: expect.stringContaining('status') },
        { line: 3, reason: 'invalid_json', detail: expect.stringContaining('line 3') },
      ],
    });
    const logged = await waitFor(
      async () => (await installation.json('rejections', 'list', '--customer', 'owner')).items,
      (items) => items.length >= 2,
    );
    const ofStatus = logged.find(({ reason }: { reason: string }) => reason === 'invalid_payload');
    expect(ofStatus).toMatchObject({
      ...{ machine: 'press-9', software: 'app', endpoint: 'batch/status', solved: false },
      detail: expect.stringContaining('Line 2 of the batch'),
    });
    const shown = await installation.json('rejections', 'show', ofStatus.id);
    expect(shown.payload).toContain('press-9');
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|press-8/);
    await send(JSON.stringify({ ...JSON.parse(bad), status: 'running' }));
    expect((await installation.json('rejections', 'show', ofStatus.id)).solved).toBe(true);
  });

  it.each([
    ['neighbour', 403, 'customer_mismatch'],
    ['stranger', 401, 'token_unknown'],
    ['nobody', 401, 'token_missing'],
  ])('of a %s is refused as a whole', async (by, status, reason) => {
    expect(await send(beats(by, 3), by)).toMatchObject({ status, body: { reason } });
    expect(await listMachines(installation, 'neighbour')).toEqual([]);
    expect(await listMachines(installation, 'owner')).not.toContain(`${by}-0`);
  });

  it('registers a machine a line, up to the limit of its customer and not one more', async () => {
    const before = (await listMachines(installation, 'owner')).length;
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) => send(beats(name, 200))),
    );
    const accepted = answers.map(({ body }) => body.accepted);
    expect(before + accepted.reduce((sum, each) => sum + each, 0)).toBe(500);
    for (const { body } of answers) expect(body.accepted + body.rejected.length).toBe(200);
    const reasons = answers.flatMap(({ body }) => body.rejected.map(reasonOfLine));
    expect(new Set(reasons)).toEqual(new Set(['machine_limit_reached']));
    expect(await listMachines(installation, 'owner')).toHaveLength(500);
    expect((await send(beat('plain-1'))).body).toMatchObject({ accepted: 1, rejected: [] });
  });

  it('has ten thousand lines taken, and not one of ten thousand and one', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => beat(`plain-${index % 100}`));
    expect((await send(lines.join('\n'))).body).toMatchObject({ accepted: 10_000, rejected: [] });
    const answer = await send([...lines, beat('plain-1')].join('\n'));
    expect(answer).toMatchObject({ status: 413, body: { reason: 'payload_too_large' } });
  });
});

const reasonOfLine = ({ reason }: { reason: string }) => reason;

describe.each(DIALECTS)('gateways after an outage, on %s', (dialect) => {
  let installation: Installation;
  let server: FleetServer;
  let tokens: Record<string, string>;

  beforeAll(async () => {
    installation = await createInstallation(dialect);
    tokens = await createCustomers(installation);
  });
  afterEach(() => server.stop('SIGKILL'));
  afterAll(() => installation.drop());

  const LINES = 2_000;

  /** Sends batches, each of machines of its own, over some connections until it is stopped. */
  function startGateways(connections: number, lines = LINES) {
    const sent: string[] = [];
    const acknowledged: string[] = [];
    const refused = new Map<string, number>();
    let isStopped = false;
    let turn = 0;
    const loops = Array.from({ length: connections }, async () => {
      while (!isStopped) {
        const name = `g${connections}-${turn++}`;
        sent.push(name);
        const url = `${server.url}/api/ingest/owner/batch`;
        const options = { token: tokens.owner ?? null, body: beats(name, lines) };
        const answer = await post(url, options).catch(() => null);
        if (answer?.body.accepted === lines) acknowledged.push(name);
        else if (answer)
          refused.set(answer.body.reason, (refused.get(answer.body.reason) ?? 0) + 1);
        if (answer?.status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    const stop = async () => {
      isStopped = true;
      await Promise.all(loops);
    };
    return { sent, acknowledged, refused, stop };
  }

  const readStored = async () => new Set(await listMachines(installation, 'owner'));
  const machinesOf = (name: string, lines = LINES) =>
    Array.from({ length: lines }, (_, index) => `${name}-${index}`);

  it('lose no acknowledged line when the server is killed, and none is invented', async () => {
    server = await installation.serve();
    const gateways = startGateways(3);
    await waitFor(
      async () => gateways.acknowledged.length,
      (count) => count >= 4,
    );
    await server.stop('SIGKILL');
    await gateways.stop();
    const stored = await readStored();
    const acknowledged = gateways.acknowledged.flatMap((name) => machinesOf(name));
    expect(acknowledged.filter((machine) => !stored.has(machine))).toEqual([]);
    const sent = new Set(gateways.sent.flatMap((name) => machinesOf(name)));
    expect([...stored].filter((machine) => !sent.has(machine))).toEqual([]);
  });

  it('hold up neither a heartbeat nor a command in another process', async () => {
    server = await installation.serve();
    const gateways = startGateways(4);
    const answers: number[] = [];
    for (let index = 0; index < 4; index++) {
      const created = await installation.fleet('customer', 'create', `beside-${index}`);
      expect(created).toMatchObject({ code: 0 });
      const url = `${server.url}/api/ingest/neighbour/m${index}/app/heartbeat`;
      answers.push((await post(url, { token: tokens.neighbour ?? null })).status);
    }
    await gateways.stop();
    expect(answers).toEqual([200, 200, 200, 200]);
    expect(gateways.refused).toEqual(new Map());
    expect((await server.stop()).code).toBe(0);
  });

  it('store nothing more once their token is revoked, not even of a batch that is under way', async () => {
    server = await installation.serve();
    const id = tokens.owner?.split('_')[1] ?? '';
    const gateways = startGateways(2);
    const before = gateways.acknowledged.length;
    await waitFor(
      async () => gateways.acknowledged.length,
      (count) => count >= before + 2,
    );
    expect((await installation.fleet('token', 'revoke', id)).code).toBe(0);
    const revoked = (await readStored()).size;
    await waitFor(
      async () => gateways.refused.get('token_revoked') ?? 0,
      (count) => count >= 2,
    );
    await gateways.stop();
    expect((await readStored()).size).toBe(revoked);
  });
});
