import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askKeeper } from '../support/keeper-client.ts';

const KEEPER = fileURLToPath(new URL('../support/keeper.ts', import.meta.url));

let keeper: ChildProcess;
let scratch: string;
let socket: string;

async function isReachable(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

beforeEach(async () => {
  keeper = spawn(process.execPath, [KEEPER], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!keeper.stdout) throw new Error('The keeper has no stdout.');
  const [line] = await once(createInterface(keeper.stdout), 'line');
  ({ scratch, socket } = JSON.parse(line));
});

afterEach(() => keeper.stdin?.end());

describe('the keeper', () => {
  it('starts one PostgreSQL for all who ask, and ends it when its pipe closes', async () => {
    const replies = await Promise.all([
      askKeeper({ do: 'postgres' }, socket),
      askKeeper({ do: 'postgres' }, socket),
    ]);
    const url = replies[0].postgresUrl ?? '';
    expect(replies[1].postgresUrl).toBe(url);
    expect(await isReachable(url)).toBe(true);
    const ended = once(keeper, 'exit');
    keeper.stdin?.end();
    expect((await ended)[0]).toBe(0);
    expect(await isReachable(url)).toBe(false);
    expect(existsSync(scratch)).toBe(false);
  });

  it.each([
    ['its pipe closes', () => keeper.stdin?.end()],
    ['it is terminated', () => keeper.kill('SIGTERM')],
  ])('ends registered servers and deletes the scratch directory when %s', async (_how, end) => {
    const server = spawn('sleep', ['60']);
    const serverEnded = once(server, 'exit');
    await askKeeper({ do: 'watch', pid: server.pid ?? 0 }, socket);
    const keeperEnded = once(keeper, 'exit');
    end();
    expect((await keeperEnded)[0]).toBe(0);
    expect((await serverEnded)[1]).toBe('SIGKILL');
    expect(existsSync(scratch)).toBe(false);
  });

  it('spares a server that ended and was signed off', async () => {
    const server = spawn('sleep', ['60']);
    const pid = server.pid ?? 0;
    await askKeeper({ do: 'watch', pid }, socket);
    await askKeeper({ do: 'unwatch', pid }, socket);
    const keeperEnded = once(keeper, 'exit');
    keeper.stdin?.end();
    await keeperEnded;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    expect((await ended)[1]).toBe('SIGTERM');
  });
});
