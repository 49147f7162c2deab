/** Everything that can be wrong with the files of a certificate, and the sentence that says so. */
import { createPrivateKey } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import type { TlsFiles } from '../../src/server/tls/files.ts';
import { createAuthority, type Pair } from './certificates.ts';
import { writeTlsFiles } from './tls.ts';

export interface TlsFault {
  title: string;
  /** Writes files that have the fault. */
  prepare: () => Promise<TlsFiles>;
  /** What is said; {cert} and {key} stand for the paths. */
  message: string;
  hint: string;
}

const authority = await createAuthority();
const intermediate = await authority.issueAuthority('Test Intermediate');
const pair = await intermediate.issue();
const other = await intermediate.issue();

function write(change: Partial<Pair>): () => Promise<TlsFiles> {
  return () => writeTlsFiles({ ...pair, ...change });
}

function spoil(work: (files: TlsFiles) => Promise<unknown>): () => Promise<TlsFiles> {
  return async () => {
    const files = await writeTlsFiles(pair);
    await work(files);
    return files;
  };
}

function encrypt(type: 'pkcs8' | 'sec1'): string {
  const protection = { cipher: 'aes-256-cbc', passphrase: 'secret' };
  return createPrivateKey(pair.key)
    .export({ type, format: 'pem', ...protection })
    .toString();
}

const ORDER = 'cat server.pem intermediate.pem > fullchain.pem';
const COPY = 'copy the file again from where it was issued';
const REMOVE = 'openssl pkey -in {key} -out key.pem, which asks for the passphrase and removes it';
const damage = (pem: string) => pem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');

type Row = [title: string, prepare: () => Promise<TlsFiles>, message: string, hint: string];

const ROWS: Row[] = [
  [
    'a certificate file that is not there',
    spoil(({ certFile }) => rm(certFile)),
    'There is no certificate file {cert}.',
    'check --tls-cert and FLEET_TLS_CERT',
  ],
  [
    'a key file that is not there',
    spoil(({ keyFile }) => rm(keyFile)),
    'There is no key file {key}.',
    'check --tls-key and FLEET_TLS_KEY',
  ],
  [
    'a directory',
    spoil(async ({ keyFile }) => {
      await rm(keyFile);
      await mkdir(keyFile);
    }),
    'The key file {key} is no regular file.',
    'check --tls-key and FLEET_TLS_KEY',
  ],
  [
    'a certificate in DER',
    write({ cert: Buffer.from(pair.cert.split('\n').slice(1, -1).join(''), 'base64').toString() }),
    'The certificate file {cert} holds no PEM certificate.',
    'openssl x509 -in {cert} -out cert.pem, which turns other forms into PEM',
  ],
  [
    'an empty key file',
    write({ key: '' }),
    'The key file {key} holds no PEM private key.',
    'openssl pkey -in {key} -out key.pem, which turns other forms into PEM',
  ],
  [
    'swapped files',
    write({ cert: pair.key, key: pair.cert }),
    'The certificate file {cert} holds only a key.',
    'fleet serve --tls-cert <certificate> --tls-key <key>',
  ],
  [
    'an encrypted key',
    write({ key: encrypt('pkcs8') }),
    'The key in the file {key} is encrypted.',
    REMOVE,
  ],
  [
    'an encrypted key of the older form',
    write({ key: encrypt('sec1') }),
    'The key in the file {key} is encrypted.',
    REMOVE,
  ],
  [
    'a key of another certificate',
    write({ key: other.key }),
    'The key in {key} does not belong to the certificate in {cert}.',
    'use the two files that were issued together',
  ],
  [
    'a chain that begins with the intermediate certificate',
    write({ cert: intermediate.cert + pair.cert }),
    "The server's own certificate is number 2 of the file {cert} and must be the first.",
    ORDER,
  ],
  [
    'a chain with its root before the intermediate certificate',
    write({ cert: pair.cert + authority.cert + intermediate.cert }),
    'Certificate 2 of the file {cert} signed number 3 and must stand after it.',
    ORDER,
  ],
  [
    'a chain that is cut off',
    write({ cert: pair.cert + intermediate.cert.slice(0, 200) }),
    'The certificate file {cert} is cut off.',
    'tail -n 3 {cert}',
  ],
  [
    'a damaged certificate',
    write({ cert: pair.cert + damage(intermediate.cert) }),
    'Certificate 2 of the file {cert} is damaged.',
    COPY,
  ],
  [
    'a damaged key',
    write({ key: damage(pair.key) }),
    'The key in the file {key} is damaged.',
    COPY,
  ],
  [
    'a key that is too short',
    async () => writeTlsFiles(await authority.issue({ rsaBits: 1024 })),
    'OpenSSL refuses the certificate: error:0A00018F:SSL routines::ee key too small.',
    'openssl x509 -in {cert} -noout -text',
  ],
];

export const TLS_FAULTS: readonly TlsFault[] = ROWS.map(([title, prepare, message, hint]) => ({
  title,
  prepare,
  message,
  hint,
}));

/** Returns the text with the paths in their places. */
export function fillPaths(text: string, { certFile, keyFile }: TlsFiles): string {
  return text.replace('{cert}', certFile).replace('{key}', keyFile);
}
