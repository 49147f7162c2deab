// The keeper: a process beside the test run that owns whatever must not outlive it - PostgreSQL,
// the servers of end-to-end tests and the scratch directory. Its stdin is a pipe to vitest; when
// that closes, however the run ended, the keeper ends them all and then itself.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KeeperReply, KeeperRequest } from './keeper-client.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

const scratch = mkdtempSync(join(tmpdir(), 'fleet-test-'));
const socketPath = join(scratch, 'keeper.sock');
const watchedPids = new Set<number>();
let postgres: Promise<PostgresServer> | undefined;

// PostgreSQL starts with the first test that asks for it, so that a run without one is not slower.
async function providePostgres(): Promise<KeeperReply> {
  postgres ??= startPostgres(scratch);
  return { postgresUrl: (await postgres).url };
}

async function answer(request: KeeperRequest): Promise<KeeperReply> {
  if (request.do === 'postgres') return providePostgres();
  if (request.do === 'watch') watchedPids.add(request.pid);
  else watchedPids.delete(request.pid);
  return {};
}

function serve(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  createInterface(socket).on('line', async (line) => {
    const reply = await answer(JSON.parse(line)).catch((error) => ({ error: String(error) }));
    socket.end(`${JSON.stringify(reply)}\n`);
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended by itself.
  }
}

async function cleanUp(): Promise<void> {
  for (const pid of watchedPids) kill(pid);
  await postgres?.then((server) => server.stop()).catch(() => undefined);
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit(0);
}

// A signal to the keeper itself is no reason to leave anything behind either.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cleanUp);
process.stdin.on('end', cleanUp).on('error', cleanUp).resume();

chmodSync(scratch, 0o711); // PostgreSQL runs as another user where the tests run as root
createServer(serve).listen(socketPath, () => {
  console.log(JSON.stringify({ scratch, socket: socketPath }));
});
