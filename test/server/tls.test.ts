import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import tls, { type ConnectionOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeGently, listen, type Server, urlOf } from '../../src/server/listen.ts';
import { CertificateWatch } from '../../src/server/tls/certificate-watch.ts';
import type { TlsFiles } from '../../src/server/tls/files.ts';
import { readTlsMaterial, toContextOptions } from '../../src/server/tls/material.ts';
import { type Authority, createAuthority, type Pair } from '../support/certificates.ts';
import {
  type Connection,
  createLiveDirectory,
  createLog,
  openConnection,
  writePair,
  writeTlsFiles,
} from '../support/tls.ts';

const LOCAL = { host: '127.0.0.1', port: 0 };
const OK = 'HTTP/1.1 200 OK';
const DAY_MS = 86_400_000;
const NEVER_MS = 2 ** 30;

let authority: Authority;
let one: Pair;
let two: Pair;
let files: TlsFiles;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await createAuthority();
  one = await authority.issue({ name: 'one.example' });
  two = await authority.issue({ name: 'two.example' });
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server with the certificate of the files, which it watches when it is told to. */
async function start(
  from?: TlsFiles,
  { pollMs = NEVER_MS, nowMs = Date.now(), answer = async () => new Response('ok') } = {},
) {
  files = from ?? (await writeTlsFiles(one));
  const { logger, lines } = createLog();
  const material = await readTlsMaterial(files);
  const server = await listen({ fetch: answer }, LOCAL, material);
  const apply = (next: typeof material) =>
    (server as tls.Server).setSecureContext(toContextOptions(next));
  const watch = new CertificateWatch(material, { apply, clock: () => nowMs, logger, pollMs });
  cleanUps.push(
    () => watch.stop(),
    () => end(server),
  );
  const { port } = server.address() as AddressInfo;
  return { server, port, watch, lines, texts: () => lines.map(({ msg }) => msg) };
}

function end(server: Server) {
  server.close();
  server.closeAllConnections();
}

/** As where Node is told to be lenient, with --tls-min-v1.1 in NODE_OPTIONS. */
function allowOldVersions() {
  const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
  cleanUps.push(() => Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS }));
  const ciphers = 'DEFAULT@SECLEVEL=0';
  Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1.1', DEFAULT_CIPHERS: ciphers });
}

async function dial(port: number, options: ConnectionOptions = {}): Promise<Connection> {
  // The certificates of these tests are for names; what they are checked against is the CA.
  const checkServerIdentity = () => undefined;
  const connection = await openConnection(port, {
    ca: authority.cert,
    checkServerIdentity,
    ...options,
  });
  cleanUps.push(() => connection.socket.destroy());
  return connection;
}

async function nameShown(port: number): Promise<string> {
  const { name, socket } = await dial(port);
  socket.destroy();
  return name;
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a server with TLS', () => {
  it('is reached under https', async () => {
    const { server, port } = await start();
    expect(urlOf(server)).toBe(`https://127.0.0.1:${port}`);
    expect(await (await dial(port)).ask()).toBe(OK);
  });

  it('is not trusted by those who do not know its CA', async () => {
    const { port } = await start();
    await expect(dial(port, { ca: [] })).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const { port } = await start();
    const { socket } = await dial(port, { minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
  });

  it.each(['at the start', 'after a reload'])('refuses TLS 1.1 %s', async (when) => {
    allowOldVersions();
    const { port, watch } = await start();
    if (when === 'after a reload') await watch.reload();
    const version = 'TLSv1.1';
    await expect(dial(port, { minVersion: version, maxVersion: version })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('gives a handshake ten seconds and keeps the other limits of a server', async () => {
    const { server } = await start();
    // Node keeps it under a symbol, and ten seconds are too long for a test.
    const symbols = Object.getOwnPropertySymbols(server);
    const handshake = symbols.find(({ description }) => description === 'handshake-timeout');
    expect(Reflect.get(server, handshake ?? '')).toBe(10_000);
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });

  it.each([
    ['plaintext HTTP', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['rubbish', '\x16\x03\x01\xff\xff rubbish'],
    ['nothing', ''],
  ])('survives a client that sends %s and goes on quietly', async (_, text) => {
    const { port, lines, server } = await start();
    const errors: unknown[] = [];
    server.on('error', (error) => errors.push(error));
    const socket = connect(port, '127.0.0.1');
    const closed = once(
      socket.on('error', () => undefined),
      'close',
    );
    await once(socket, 'connect');
    socket.end(text).resume();
    await closed;
    expect(await (await dial(port)).ask()).toBe(OK);
    expect([lines, errors]).toEqual([[], []]);
  });

  it('answers the request under way before it stops', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const { server, port } = await start(undefined, { answer: () => promise });
    const { ask } = await dial(port);
    const asked = once(server, 'request');
    const answer = ask();
    await asked;
    const isClosed = closeGently(server, 20_000);
    // Longer than a connection without a request may stay.
    await new Promise((later) => setTimeout(later, 400));
    resolve(new Response('ok'));
    expect(await answer).toBe(OK);
    await isClosed;
  });

  it('stops soon though connections are idle, silent or in their handshake', async () => {
    const { server, port } = await start();
    const idle = await dial(port);
    await idle.ask();
    const silent = await dial(port);
    const accepted = once(server, 'connection');
    const half = connect(port, '127.0.0.1').on('error', () => undefined);
    await accepted;
    const ended = [idle.socket, silent.socket, half].map((socket) => once(socket, 'close'));
    const startedAtMs = performance.now();
    await closeGently(server, 20_000);
    await Promise.all(ended);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});

describe('a certificate that was renewed', () => {
  it('is shown after a reload, while open connections go on', async () => {
    const { port, watch, lines } = await start();
    const kept = await dial(port);
    expect([kept.name, await kept.ask()]).toEqual(['one.example', OK]);
    await writePair(files, two);
    await watch.reload();
    expect(await kept.ask()).toBe(OK);
    expect(await nameShown(port)).toBe('two.example');
    expect(lines).toMatchObject([
      { level: 30, msg: 'certificate reloaded', subject: 'CN=two.example' },
    ]);
    expect(Date.parse(String(lines[0]?.expires_at))).toBeGreaterThan(Date.now() + 89 * DAY_MS);
  });

  it('is shown to a client that wants to go on with its old session', async () => {
    const { port, watch } = await start();
    const before = await dial(port, { maxVersion: 'TLSv1.2' });
    const session = before.socket.getSession();
    if (!session) throw new Error('no session');
    await writePair(files, two);
    await watch.reload();
    const after = await dial(port, { maxVersion: 'TLSv1.2', session });
    expect([after.socket.isSessionReused(), after.name]).toEqual([false, 'two.example']);
  });

  it('is noticed by itself', async () => {
    const { port, texts } = await start(undefined, { pollMs: 20 });
    const kept = await dial(port);
    await kept.ask();
    await writePair(files, two);
    await waitUntil(() => texts().includes('certificate reloaded'));
    expect(await nameShown(port)).toBe('two.example');
    expect(await kept.ask()).toBe(OK);
  });

  it('is noticed where certbot swapped the symlinks', async () => {
    const { files: live, renew } = await createLiveDirectory(one);
    const { port, watch, texts } = await start(live);
    await renew(two);
    await watch.poll();
    await watch.poll();
    expect(texts()).toEqual(['certificate reloaded']);
    expect(await nameShown(port)).toBe('two.example');
  });

  it('is not taken before its key is there, and nothing is said of the moment between', async () => {
    const { port, watch, texts } = await start();
    await writeFile(files.certFile, two.cert);
    await watch.poll();
    await writeFile(files.keyFile, two.key);
    await watch.poll();
    expect(texts()).toEqual([]);
    expect(await nameShown(port)).toBe('one.example');
    await watch.poll();
    expect(texts()).toEqual(['certificate reloaded']);
    expect(await nameShown(port)).toBe('two.example');
  });

  it('is read no more often than it changes', async () => {
    const { watch, texts } = await start();
    for (let poll = 0; poll < 5; poll++) await watch.poll();
    await writePair(files, one);
    for (let poll = 0; poll < 5; poll++) await watch.poll();
    expect(texts()).toEqual([]);
  });
});

describe('a certificate that is no good', () => {
  const breakages: [string, () => Promise<void>, RegExp][] = [
    ['is rubbish', () => writeFile(files.certFile, 'rubbish'), /holds no PEM certificate\.$/],
    ['is cut off', () => writeFile(files.certFile, one.cert.slice(0, 300)), /is cut off\.$/],
    ['is of another key', () => writeFile(files.certFile, two.cert), /does not belong to/],
    ['is gone', async () => rm(files.certFile), /^There is no certificate file /],
  ];

  it.each(breakages)('because it %s leaves the old one in use and is said once', async (...row) => {
    const [, spoil, reason] = row;
    const { port, watch, lines } = await start();
    await spoil();
    for (let poll = 0; poll < 5; poll++) await watch.poll();
    expect(lines).toMatchObject([
      {
        level: 50,
        msg: 'certificate not reloaded; the old one stays in use',
        reason: expect.stringMatching(reason),
        in_use: { subject: 'CN=one.example' },
      },
    ]);
    expect(await nameShown(port)).toBe('one.example');
  });

  it('is said again when it changes, and when somebody asks for a reload', async () => {
    const { watch, texts } = await start();
    await writeFile(files.certFile, 'rubbish');
    for (let poll = 0; poll < 3; poll++) await watch.poll();
    await writeFile(files.certFile, 'other rubbish');
    for (let poll = 0; poll < 3; poll++) await watch.poll();
    await watch.reload();
    for (let poll = 0; poll < 3; poll++) await watch.poll();
    const refusal = 'certificate not reloaded; the old one stays in use';
    expect(texts()).toEqual([refusal, refusal, refusal]);
  });

  it('is forgotten when a good one follows', async () => {
    const { port, watch, texts } = await start();
    await writeFile(files.certFile, 'rubbish');
    await watch.reload();
    await writePair(files, two);
    for (let poll = 0; poll < 2; poll++) await watch.poll();
    expect(texts().at(-1)).toBe('certificate reloaded');
    expect(await nameShown(port)).toBe('two.example');
  });
});

describe('the end of a certificate', () => {
  it.each([
    [-1, ['the certificate has expired']],
    [13, ['the certificate expires soon']],
    [15, []],
  ])('in %d days is told at the start', async (days, expected) => {
    const { lines, texts } = await start(await writeTlsFiles(await authority.issue({ days })));
    expect(texts()).toEqual(expected);
    expect(lines.every(({ level }) => level === 40)).toBe(true);
  });

  it('is told after a reload', async () => {
    const { watch, texts } = await start();
    await writePair(files, await authority.issue({ days: 3 }));
    await watch.reload();
    expect(texts()).toEqual(['certificate reloaded', 'the certificate expires soon']);
  });

  it('is told once a day', async () => {
    const pair = await authority.issue({ days: 13 });
    const material = await readTlsMaterial(await writeTlsFiles(pair));
    const { logger, lines } = createLog();
    let nowMs = Date.now();
    const options = { apply: () => undefined, clock: () => nowMs, logger, pollMs: NEVER_MS };
    const watch = new CertificateWatch(material, options);
    cleanUps.push(() => watch.stop());
    for (const passedMs of [0, DAY_MS / 2, DAY_MS / 2, 0, DAY_MS]) {
      nowMs += passedMs;
      await watch.poll();
    }
    expect(lines.map(({ msg }) => msg)).toEqual(Array(3).fill('the certificate expires soon'));
  });

  it('lies ahead of a beginning that has not come', async () => {
    const nowMs = Date.now() - 2 * DAY_MS;
    const { texts } = await start(undefined, { nowMs });
    expect(texts()).toEqual(['the certificate is not valid yet']);
  });
});
