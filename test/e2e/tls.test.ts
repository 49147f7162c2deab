import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../../src/server/tls/files.ts';
import { type Authority, createAuthority, type Pair } from '../support/certificates.ts';
import { createScratchDirectory } from '../support/databases.ts';
import { type FleetServer, runFleet } from '../support/servers.ts';
import { type LogLine, openConnection, writePair, writeTlsFiles } from '../support/tls.ts';
import { fillPaths, TLS_FAULTS } from '../support/tls-faults.ts';
import { hasTool } from '../support/tools.ts';
import { createInstallation, type Installation, waitFor } from './support.ts';

const OK = 'HTTP/1.1 200 OK';
const PATH = '/api/ingest/acme/m1/app/heartbeat';

let authority: Authority;
let installation: Installation;
let files: TlsFiles;
const servers: FleetServer[] = [];

beforeAll(async () => {
  authority = await createAuthority();
});

beforeEach(async () => {
  installation = await createInstallation('sqlite');
  files = await writeTlsFiles(await authority.issue());
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await installation.drop();
});

function flagsOf({ certFile, keyFile }: TlsFiles): string[] {
  return ['--tls-cert', certFile, '--tls-key', keyFile];
}

async function serve(...args: string[]): Promise<FleetServer> {
  const server = await installation.serve(...args);
  servers.push(server);
  return server;
}

/** What the server has logged so far. */
function readLog(server: FleetServer): LogLine[] {
  const lines = server.stderr().split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

async function waitForLog(server: FleetServer, msg: string): Promise<LogLine[]> {
  const isThere = (lines: LogLine[]) => lines.some((line) => line.msg === msg);
  return await waitFor(async () => readLog(server), isThere);
}

/** Sends a request as a device does that knows the CA, or none. */
async function send(url: string, { ca, token }: { ca?: string; token?: string } = {}) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const method = token ? 'POST' : 'GET';
  const sent = request(url, { method, headers, agent: false, ...(ca && { ca }) });
  sent.end(token ? '{"version":"1.0.0"}' : undefined);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
}

function open(server: FleetServer) {
  return openConnection(Number(new URL(server.url).port), { ca: authority.cert });
}

describe('fleet serve with a certificate', () => {
  it('accepts what a device sends that trusts its CA', async () => {
    await installation.fleet('customer', 'create', 'acme');
    const token = (await installation.fleet('token', 'create', 'acme')).stdout.trim();
    const server = await serve(...flagsOf(files));
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ca = authority.cert;
    expect(await send(`${server.url}/healthz`, { ca })).toMatchObject({ status: 200 });
    const answer = await send(server.url + PATH, { ca, token });
    expect(answer).toEqual({ status: 200, body: { ok: true, accepted: 1 } });
    const { items } = await installation.json('machine', 'list', 'acme');
    expect(items).toMatchObject([{ customer: 'acme', machine: 'm1' }]);
  });

  it('gets nothing from a device that does not know its CA', async () => {
    const server = await serve(...flagsOf(files));
    await expect(send(`${server.url}/healthz`)).rejects.toThrow('unable to verify');
  });

  it('listens on every address without --allow-plaintext', async () => {
    const server = await serve('--host', '0.0.0.0', ...flagsOf(files));
    expect(await send(`${server.url}/readyz`, { ca: authority.cert })).toMatchObject({
      status: 200,
    });
  });

  it('finds its files in a configuration file', async () => {
    const config = join(await createScratchDirectory(), 'config.yaml');
    await writeFile(config, `tls-cert: ${files.certFile}\ntls-key: ${files.keyFile}\n`);
    const server = await serve('--config', config);
    expect(server.url).toMatch(/^https:/);
  });

  it('survives plaintext and broken handshakes, and writes nothing about them', async () => {
    const server = await serve(...flagsOf(files));
    const { port } = new URL(server.url);
    for (let attempt = 0; attempt < 50; attempt++) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      const closed = once(socket, 'close');
      socket
        .end(attempt % 2 ? 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' : '\x16\x03\x01 rubbish')
        .resume();
      await closed;
    }
    expect(await (await open(server)).ask()).toBe(OK);
    expect(readLog(server).map(({ msg }) => msg)).toEqual(['listening']);
  });

  it('stops soon and in order though connections are open', async () => {
    const server = await serve(...flagsOf(files));
    await (await open(server)).ask();
    connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
    const startedAtMs = performance.now();
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
  });

  it.skipIf(!hasTool('curl'))('greets with a curl line that works', async () => {
    const name = 'fleet.example.com';
    files = await writeTlsFiles(await authority.issue({ name, addresses: [] }));
    const server = await serve(...flagsOf(files));
    await installation.fleet('customer', 'create', 'my-company');
    const TOKEN = (await installation.fleet('token', 'create', 'my-company')).stdout.trim();
    await waitFor(
      async () => server.stderr(),
      (greeting) => greeting.includes('rejections tail'),
    );
    const line = /^ {2}curl .*\n.*$/m.exec(server.stderr())?.[0] ?? '';
    expect(line).toContain(`--cacert ${files.certFile} --resolve ${name}:`);
    const env = { PATH: process.env.PATH, TOKEN };
    const { stdout } = await promisify(execFile)('sh', ['-c', line], { env });
    expect(JSON.parse(stdout)).toEqual({ ok: true, accepted: 1 });
    expect(server.stderr()).toMatch(
      /^certificate: CN=fleet\.example\.com, until \d{4}-\d\d-\d\d; /m,
    );
  });
});

describe('a certificate of a running server', () => {
  let renewed: Pair;

  beforeAll(async () => {
    renewed = await authority.issue({ name: 'renewed.example', addresses: ['127.0.0.1'] });
  });

  it('is renewed by SIGHUP without dropping one of 200 open connections', async () => {
    const server = await serve(...flagsOf(files));
    const connections = await Promise.all(Array.from({ length: 200 }, () => open(server)));
    const askAll = () => Promise.all(connections.map(({ ask }) => ask()));
    expect(new Set(await askAll())).toEqual(new Set([OK]));
    await writePair(files, renewed);
    process.kill(server.pid, 'SIGHUP');
    expect(new Set(await askAll())).toEqual(new Set([OK]));
    const lines = await waitForLog(server, 'certificate reloaded');
    expect(lines.at(-1)).toMatchObject({ level: 30, subject: 'CN=renewed.example' });
    expect(new Set(await askAll())).toEqual(new Set([OK]));
    expect(connections.every(({ socket }) => !socket.destroyed)).toBe(true);
    expect((await open(server)).name).toBe('renewed.example');
  });

  it('is renewed within five seconds when the files change', async () => {
    const server = await serve(...flagsOf(files));
    const kept = await open(server);
    await writePair(files, renewed);
    const startedAtMs = performance.now();
    await waitForLog(server, 'certificate reloaded');
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect((await open(server)).name).toBe('renewed.example');
    expect(await kept.ask()).toBe(OK);
  });

  it('stays in use where SIGHUP finds a broken file', async () => {
    const server = await serve(...flagsOf(files));
    await writeFile(files.certFile, 'rubbish');
    process.kill(server.pid, 'SIGHUP');
    const lines = await waitForLog(server, 'certificate not reloaded; the old one stays in use');
    expect(lines.at(-1)).toMatchObject({ level: 50, in_use: { subject: 'CN=localhost' } });
    expect((await open(server)).name).toBe('localhost');
  });

  it('is none without TLS, and SIGHUP does not end the server', async () => {
    const server = await serve();
    process.kill(server.pid, 'SIGHUP');
    await waitForLog(server, 'there is no certificate to reload; the server runs without TLS');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it('that has expired is a warning at the start', async () => {
    files = await writeTlsFiles(await authority.issue({ days: -1 }));
    const server = await serve(...flagsOf(files));
    expect(readLog(server)).toMatchObject([
      { level: 40, msg: 'the certificate has expired', subject: 'CN=localhost' },
      { msg: 'listening' },
    ]);
  });
});

describe('fleet serve does not start', () => {
  it.each(TLS_FAULTS)('with $title', async ({ prepare, message, hint }) => {
    const faulty = await prepare();
    const { code, stdout, stderr } = await installation.fleet('serve', ...flagsOf(faulty));
    const sentences = `${fillPaths(message, faulty)}\nTry: ${fillPaths(hint, faulty)}\n`;
    expect({ code, stdout, stderr }).toEqual({ code: 78, stdout: '', stderr: sentences });
    expect(existsSync(installation.url)).toBe(false);
  });

  it.each([
    ['--tls-cert', '--tls-key'],
    ['--tls-key', '--tls-cert'],
    ['FLEET_TLS_CERT', '--tls-key'],
    ['FLEET_TLS_KEY', '--tls-cert'],
  ])('with %s alone, and names %s', async (given, missing) => {
    const isFlag = given.startsWith('--');
    const args = isFlag ? ['serve', given, '/file.pem'] : ['serve'];
    const { code, stderr } = await runFleet(args, isFlag ? {} : { env: { [given]: '/file.pem' } });
    expect([code, stderr]).toEqual([
      2,
      `TLS needs both a certificate and a key, and ${missing} is missing.\nTry: fleet serve --tls-cert <file> --tls-key <file>\n`,
    ]);
  });

  it('in plaintext where the names of the files are empty', async () => {
    const { code, stderr } = await runFleet(['serve', '--tls-cert', '', '--tls-key', '']);
    expect([code, stderr.includes('--tls-cert is missing')]).toEqual([2, true]);
  });
});
