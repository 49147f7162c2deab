import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createInstallation, DEPLOYMENTS, type Installation, waitFor } from './support.ts';

const INSTANCES = 100;
const HEARTBEATS = 20_000;
const CONNECTIONS = 32;

const HISTORY = ['up_history', 'status_history', 'diagnostic_history'] as const;

/** The store grows with what happens, not with traffic. */
describe.each(DEPLOYMENTS)('a fleet in steady state, on $name', (deployment) => {
  let installation: Installation;

  afterEach(() => installation.drop());

  it('leaves one row an instance, no history, and one row for repeated refusals', async () => {
    installation = await createInstallation(deployment);
    await installation.fleet('customer', 'create', 'acme');
    const { token } = await installation.json('token', 'create', 'acme');
    const server = await installation.serve();
    const base = `${server.url}/api/ingest/acme`;
    const statuses = await sendAll(HEARTBEATS, (index) => heartbeat(base, token, index));
    const others = await sendAll(2_000, (index) => changingText(base, token, index));
    expect(new Set([...statuses, ...others])).toEqual(new Set([200]));
    const refused = await sendAll(300, () => ({
      url: `${base}/pc-1/app/heartbeat`,
      token: 'wrong-token',
      body: {},
    }));
    expect(new Set(refused)).toEqual(new Set([401]));
    const { items } = await waitFor(
      () => installation.json('rejections', 'list'),
      (list) => list.items[0]?.count === 300,
    );
    expect(items).toHaveLength(1);
    await server.stop();
    const rows = await countRows();
    expect(rows).toMatchObject({ instance: INSTANCES, diagnostic: INSTANCES });
    expect(HISTORY.map((table) => rows[table])).toEqual([0, 0, 0]);
    const { beats } = await sumBeats();
    expect(Number(beats)).toBe(HEARTBEATS);
    // Two nodes on a busy machine take some 20 s for that many.
  }, 90_000);

  async function withDatabase<Value>(
    read: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<Value>,
  ): Promise<Value> {
    const db = await openDatabase(parseLocation(installation.url), { access: 'read' });
    try {
      return await read(db);
    } finally {
      await db.destroy();
    }
  }

  function countRows(): Promise<Record<string, number>> {
    return withDatabase(async (db) => {
      const tables: (keyof Database)[] = ['instance', 'diagnostic', ...HISTORY];
      const counts = tables.map(async (table) => {
        const query = db.selectFrom(table).select((eb) => eb.fn.countAll().as('rows'));
        return [table, Number((await query.executeTakeFirstOrThrow()).rows)] as const;
      });
      return Object.fromEntries(await Promise.all(counts));
    });
  }

  function sumBeats() {
    return withDatabase((db) =>
      db
        .selectFrom('instance')
        .select((eb) => eb.fn.sum('beats').as('beats'))
        .executeTakeFirstOrThrow(),
    );
  }
});

interface Post {
  url: string;
  token: string;
  body: object;
}

function pathOf(index: number): string {
  return `pc-${index % INSTANCES}/app`;
}

/** Uptime rises with the time of the message, `ts` changes, and the worker's pid changes, too. */
function heartbeat(base: string, token: string, index: number): Post {
  const uptime_seconds = 1_000 + Math.floor(index / INSTANCES) / 100;
  const body = {
    version: '1.0.0',
    uptime_seconds,
    pid: 1_000 + (index % 7),
    ts: Date.now() + index,
  };
  return { url: `${base}/${pathOf(index)}/heartbeat`, token, body };
}

function changingText(base: string, token: string, index: number): Post {
  const path = `${base}/${pathOf(index >> 1)}`;
  const message = `round ${index}`;
  if (index % 2 === 0) {
    return {
      url: `${path}/status`,
      token,
      body: { status: 'running', message, snapshot: { index } },
    };
  }
  return {
    url: `${path}/diagnostics`,
    token,
    body: { items: [{ code: 7, message, severity: 1 }] },
  };
}

/** Sends all posts over some connections and returns the statuses of the answers. */
async function sendAll(count: number, make: (index: number) => Post): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses: number[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) statuses.push(await send(agent, make(next++)));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  agent.destroy();
  return statuses;
}

function send(agent: Agent, { url, token, body }: Post): Promise<number> {
  const text = JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
