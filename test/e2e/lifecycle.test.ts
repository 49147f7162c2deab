import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/databases.ts';
import { createInstallation, type Installation, post } from './support.ts';

const PATH = 'acme/press-1/app';

describe.each(DIALECTS)('starting and stopping on %s', (dialect) => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await createInstallation(dialect);
  });
  afterEach(() => installation.drop());

  const createToken = async () => {
    await installation.fleet('customer', 'create', 'acme');
    return (await installation.fleet('token', 'create', 'acme')).stdout.trim();
  };
  const beat = async (url: string, token: string) => {
    expect((await post(`${url}/api/ingest/${PATH}/heartbeat`, { token })).status).toBe(200);
    return (await installation.json('software', 'show', PATH)).up_since;
  };

  it('succeeds for all of several processes that create the same database at once', async () => {
    const starts = Array.from({ length: 4 }, () => installation.json('migrate'));
    const outcomes = (await Promise.all(starts)).map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(['created', 'unchanged', 'unchanged', 'unchanged']);
  });

  it('a restart is no gap, and a silence that a server observed is one', async () => {
    const token = await createToken();
    const flags = ['--overdue-after', '1s'];
    let server = await installation.serve(...flags);
    const upSince = await beat(server.url, token);
    await server.stop();
    await sleep(1_500);
    server = await installation.serve(...flags);
    expect(await beat(server.url, token)).toBe(upSince);
    await sleep(1_500);
    expect(await beat(server.url, token)).not.toBe(upSince);
    await server.stop();
  });

  it('a second signal that is meant ends at once what waits for a slow client', async () => {
    await createToken();
    const server = await installation.serve('--shutdown-timeout', '60s');
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    const head = `POST /api/ingest/${PATH}/heartbeat HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`;
    await new Promise<void>((resolve) => client.write(head, () => resolve()));
    await sleep(300);
    const ended = server.stop('SIGTERM');
    // Under npm, Ctrl-C arrives twice at once: only a later one is meant.
    await sleep(100);
    void server.stop('SIGTERM');
    await sleep(900);
    void server.stop('SIGTERM');
    expect(await ended).toEqual({ code: 143, signal: null });
    client.destroy();
  });
});
