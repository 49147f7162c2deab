/** The rejection log under attack: it must cost neither space nor memory nor the devices that are in order. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/databases.ts';
import { startClients } from './accounting.ts';
import { createInstallation, type Installation, waitFor } from './support.ts';

const ATTACKS = { sqlite: 100_000, postgres: 20_000 };
const CONNECTIONS = 32;
const MAX_ROWS = 500;
const ROW_BYTES = 16 * 1024;

/** Linux lends the whole of 127.0.0.0/8, so that the bound on rows of one address is not the only one tried. */
const ADDRESSES = process.platform === 'linux' ? 32 : 1;

/** Posts `total` requests, each to a path of its own with a token of its own; resolves to how many were refused. */
async function attack(url: string, total: number): Promise<number> {
  let [sent, refused] = [0, 0];
  const loops = Array.from({ length: CONNECTIONS }, async (_, client) => {
    const localAddress = `127.0.0.${1 + (client % ADDRESSES)}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress });
    while (sent < total) {
      const number = sent++;
      const target = `${url}/api/ingest/acme/machine-${number}/app/heartbeat`;
      if ((await post(agent, target, `no-such-token-${number}`)) === 401) refused++;
    }
    agent.destroy();
  });
  await Promise.all(loops);
  return refused;
}

function post(agent: Agent, url: string, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': 2 };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.on('end', () => resolve(response.statusCode));
      response.resume();
    });
    sent.on('error', reject).end('{}');
  });
}

function readMegabytes(pid: number): number | null {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) / 1024;
}

describe.each(DIALECTS)('distinct bad requests by the thousand, on %s', (dialect) => {
  let installation: Installation;

  afterEach(() => installation.drop());

  it('stay within the bounds of the log, are counted to the last one, and hold up no device', async () => {
    installation = await createInstallation(dialect);
    await installation.fleet('customer', 'create', 'acme');
    const token = (await installation.fleet('token', 'create', 'acme')).stdout.trim();
    const server = await installation.serve('--rejection-rows', `${MAX_ROWS}`);
    const { url } = server;
    const answers = new Map<number, number>();
    const onAnswer = (_: number, status: number) =>
      answers.set(status, (answers.get(status) ?? 0) + 1);
    const clients = startClients({
      url: () => url,
      token,
      customer: 'acme',
      connections: 4,
      onAnswer,
    });

    expect(await attack(url, ATTACKS[dialect])).toBe(ATTACKS[dialect]);
    await clients.stop();
    expect([...answers.keys()]).toEqual([200]);
    const megabytes = readMegabytes(server.pid);
    if (megabytes !== null) expect(megabytes).toBeLessThan(400);
    await server.stop();

    const { items } = await waitFor(
      () => installation.json('rejections', 'list', '--limit', '10000'),
      (list) => list.items.length > 0,
    );
    expect(items.length).toBeLessThanOrEqual(MAX_ROWS);
    const { stderr } = await installation.fleet('rejections', 'list', '--limit', '1');
    const notRecorded = Number(/(\d+) more refusals were not recorded/.exec(stderr)?.[1]);
    // What made room for others was recorded, and is no longer there.
    expect(notRecorded).toBeGreaterThan(ATTACKS[dialect] - 60 * ADDRESSES * 2);
    expect(notRecorded).toBeLessThanOrEqual(ATTACKS[dialect] - items.length);
    if (dialect === 'postgres') return;
    const accepted = answers.get(200) ?? 0;
    expect(statSync(installation.url).size).toBeLessThan((MAX_ROWS + accepted) * ROW_BYTES);
  }, 180_000);
});
