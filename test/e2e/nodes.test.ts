/** Several servers on one PostgreSQL, to which messages of one and the same instance come at once. */
import { chmod } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openDatabase } from '../../src/db/connection/open.ts';
import { createScratchDirectory, DIALECTS } from '../support/databases.ts';
import { askKeeper } from '../support/keeper-client.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { type FleetServer, runFleet, startFleet } from '../support/servers.ts';
import { settle, startClients } from './accounting.ts';
import { createInstallation, type Installation, post } from './support.ts';

const PATH = 'acme/press-1/line-control';

describe.runIf(DIALECTS.includes('postgres'))('two nodes on one database', () => {
  let installation: Installation;
  let nodes: [FleetServer, FleetServer];
  let token: string;
  let tokenId: string;

  async function start(...flags: string[]) {
    nodes = await Promise.all([installation.serve(...flags), installation.serve(...flags)]);
  }

  beforeEach(async () => {
    installation = await createInstallation('postgres');
    await installation.fleet('customer', 'create', 'acme');
    ({ token, id: tokenId } = await installation.json('token', 'create', 'acme'));
    nodes = [] as unknown as typeof nodes;
  });

  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await installation.drop();
  });

  /** Sends the bodies at once, in turn to both nodes. */
  async function sendAtOnce(path: string, bodies: readonly object[]) {
    return await Promise.all(
      bodies.map((body, index) =>
        post(`${nodes[index % 2]?.url}/api/ingest/${path}`, { token, body: JSON.stringify(body) }),
      ),
    );
  }

  /** What stands in the database itself: no command shows the counts of an open episode. */
  async function read(table: 'instance' | 'up_history' | 'diagnostic' | 'diagnostic_history') {
    const db = await openDatabase(parseLocation(installation.url), { access: 'read' });
    const rows = await db.selectFrom(table).selectAll().execute();
    await db.destroy();
    return rows;
  }

  const times = <Item>(count: number, create: (index: number) => Item): Item[] =>
    Array.from({ length: count }, (_, index) => create(index));

  it('register a machine once, whose first messages reach both', async () => {
    await start();
    const answers = await sendAtOnce(
      `${PATH}/heartbeat`,
      times(40, () => ({})),
    );
    expect(answers.map(({ status }) => status)).toEqual(times(40, () => 200));
    const { items } = await installation.json('machine', 'list', 'acme');
    expect(items).toMatchObject([{ machine: 'press-1', software_count: 1 }]);
  });

  it('let exactly as many machines in as the customer may have', async () => {
    await installation.fleet('customer', 'update', 'acme', '--machine-limit', '7');
    await start();
    const answers = await Promise.all(
      times(40, (index) => sendAtOnce(`acme/press-${index}/app/heartbeat`, [{}, {}])),
    );
    const { items } = await installation.json('machine', 'list', 'acme');
    expect(items).toHaveLength(7);
    const letIn = new Set(items.map(({ machine }: { machine: string }) => machine));
    for (const [index, each] of answers.entries()) {
      const status = letIn.has(`press-${index}`) ? 200 : 403;
      expect(each.map((answer) => answer.status)).toEqual([status, status]);
    }
  });

  it('let exactly as many instances of a machine in as it may have', async () => {
    await start('--instance-limit', '5');
    const answers = await Promise.all(
      times(30, (index) => sendAtOnce(`acme/press-1/app-${index}/heartbeat`, [{}])),
    );
    expect(answers.flat().filter(({ status }) => status === 200)).toHaveLength(5);
    expect((await installation.json('software', 'list', 'acme')).items).toHaveLength(5);
  });

  it('keep one up episode of an instance that speaks to both, and count every heartbeat', async () => {
    await start();
    for (let round = 0; round < 10; round++) {
      await sendAtOnce(
        `${PATH}/heartbeat`,
        times(20, () => ({ version: '1.0.0', pid: 7 })),
      );
    }
    expect(await read('instance')).toMatchObject([{ beats: 200 }]);
    expect(await read('up_history')).toEqual([]);
  });

  it('count every repetition of a diagnostic, and open it once', async () => {
    await start();
    const items = [{ code: 4711, message: 'Oil low', severity: 1 }];
    await sendAtOnce(
      `${PATH}/diagnostics`,
      times(60, () => ({ items })),
    );
    expect(await read('diagnostic')).toMatchObject([{ code: 4711, severity: 1, count: 60 }]);
    expect(await read('diagnostic_history')).toEqual([]);
  });

  it('take a repeated message once, to whichever of them it is repeated', async () => {
    await start();
    const messages = times(20, (seq) => ({ session: 'boot-1', seq, pid: 7 }));
    const answers = await sendAtOnce(
      `${PATH}/heartbeat`,
      messages.flatMap((message) => [message, message]),
    );
    expect(answers.map(({ status }) => status)).toEqual(times(40, () => 200));
    expect(answers.filter(({ body }) => body.duplicate)).toHaveLength(20);
    expect(await read('instance')).toMatchObject([{ beats: 20 }]);
  });

  it('fold the refusals of one device, whichever of them refused it', async () => {
    await start();
    await sendAtOnce(
      'acme/Press/app/heartbeat',
      times(20, () => ({})),
    );
    await Promise.all(nodes.map((node) => node.stop()));
    const { items } = await installation.json('rejections', 'list');
    expect(items).toMatchObject([{ reason: 'invalid_slug', machine: 'Press', count: 20 }]);
  });

  it('both refuse a token from the moment on in which it was revoked', async () => {
    await start();
    await sendAtOnce(`${PATH}/heartbeat`, [{}, {}]);
    expect((await installation.fleet('token', 'revoke', tokenId)).code).toBe(0);
    const answers = await sendAtOnce(`${PATH}/heartbeat`, [{}, {}]);
    expect(answers.map(({ body }) => body.reason)).toEqual(['token_revoked', 'token_revoked']);
  });

  it('lose nothing when one of them dies under load, and the other one goes on', async () => {
    await start();
    const [dying, living] = nodes;
    let turn = 0;
    let isDead = false;
    const clients = startClients({
      url: () => (isDead || turn++ % 2 ? living : dying).url,
      token,
      customer: 'acme',
      connections: 16,
    });
    await clients.acknowledge(300);
    await dying.stop('SIGKILL');
    isDead = true;
    await clients.acknowledge(300);
    await clients.stop();
    const { items } = await installation.json('machine', 'list', 'acme');
    const stored = items.map(({ machine }: { machine: string }) => machine);
    expect(settle(clients.account, stored)).toEqual({ lost: [], phantom: [] });
  });
});

describe.runIf(DIALECTS.includes('postgres'))('a PostgreSQL that crashes under load', () => {
  it('loses nothing that two nodes acknowledged, and they go on when it is back', async () => {
    const directory = await createScratchDirectory();
    await chmod(directory, 0o711);
    // As in production, except that the machine does not crash with it.
    const postgres = await startPostgres(directory, { fsync: 'off' });
    await askKeeper({ do: 'watch', pid: postgres.pid() });
    const env = { FLEET_DATABASE: postgres.url };
    await runFleet(['customer', 'create', 'acme'], { env });
    const token = (await runFleet(['token', 'create', 'acme'], { env })).stdout.trim();
    const nodes = await Promise.all([startFleet({ env }), startFleet({ env })]);
    let turn = 0;
    const clients = startClients({
      url: () => nodes[turn++ % 2]?.url ?? '',
      token,
      customer: 'acme',
      connections: 16,
    });
    await clients.acknowledge(300);
    await postgres.stop();
    await pause(500);
    await postgres.start();
    await askKeeper({ do: 'watch', pid: postgres.pid() });
    await clients.acknowledge(300);
    await clients.stop();
    const { stdout } = await runFleet(['machine', 'list', 'acme', '--json'], { env });
    const stored = JSON.parse(stdout).items.map(({ machine }: { machine: string }) => machine);
    expect(settle(clients.account, stored)).toEqual({ lost: [], phantom: [] });
    for (const node of nodes) expect(await node.stop()).toEqual({ code: 0, signal: null });
    await postgres.stop();
  });
});
