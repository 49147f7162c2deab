import { chmod } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTlsMaterial } from '../../src/server/tls/material.ts';
import { type Authority, createAuthority, type Pair } from '../support/certificates.ts';
import { writeTlsFiles } from '../support/tls.ts';
import { fillPaths, TLS_FAULTS } from '../support/tls-faults.ts';

let authority: Authority;
let intermediate: Authority;
let pair: Pair;

beforeAll(async () => {
  authority = await createAuthority();
  intermediate = await authority.issueAuthority('Test Intermediate');
  pair = await intermediate.issue({ name: 'fleet.example.com' });
});

/** Runs the work as a user who may not read everything; root may. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('the files of a certificate', () => {
  it.each(TLS_FAULTS)('refuse $title', async ({ prepare, message, hint }) => {
    const files = await prepare();
    await expect(readTlsMaterial(files)).rejects.toMatchObject({
      name: 'FleetError',
      code: 'configuration',
      message: fillPaths(message, files),
      hint: fillPaths(hint, files),
    });
  });

  it('say who may not read them', async () => {
    const files = await writeTlsFiles(pair);
    await chmod(files.keyFile, 0o000);
    await chmod(files.certFile, 0o000);
    await expect(asNobody(() => readTlsMaterial(files))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(
        /^The user \S+ may not read the certificate file .+cert\.pem\.$/,
      ),
      hint: `namei -l ${files.certFile}`,
    });
  });

  it.each([
    ['a certificate alone', () => pair.cert],
    ['a chain', () => pair.cert + intermediate.cert],
    ['a chain with its root', () => pair.cert + intermediate.cert + authority.cert],
    ['a chain with what does not belong to it', () => pair.cert + authority.cert],
    ['text and other line ends', () => `subject=fleet\r\n${pair.cert.replaceAll('\n', '\r\n')}`],
    ['the key as well', () => pair.key + pair.cert],
  ])('may hold %s', async (_, cert) => {
    const material = await readTlsMaterial(await writeTlsFiles({ ...pair, cert: cert() }));
    expect(material.certificate.subject).toBe('CN=fleet.example.com');
  });

  it('may be one and the same', async () => {
    const { certFile } = await writeTlsFiles({ ...pair, cert: pair.cert + pair.key });
    const material = await readTlsMaterial({ certFile, keyFile: certFile });
    expect(material.certificate.subject).toBe('CN=fleet.example.com');
  });

  it('may be those of an RSA key', async () => {
    const rsa = await authority.issue({ name: 'rsa.example', rsaBits: 2048 });
    const { certificate } = await readTlsMaterial(await writeTlsFiles(rsa));
    expect(certificate.subject).toBe('CN=rsa.example');
  });
});
