/** Certificates for tests: a CA of their own, made without any tool of the machine. */
import 'reflect-metadata';
import { KeyObject, type webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  type X509CertificateCreateParams,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface Pair {
  /** The certificate in PEM. */
  cert: string;
  /** Its private key in PEM. */
  key: string;
}

export interface IssueOptions {
  name?: string;
  /** From now on; negative for one that has ended. */
  days?: number;
  addresses?: string[];
  /** An RSA key of so many bits instead of an elliptic curve. */
  rsaBits?: number;
}

export interface Authority extends Pair {
  /** A certificate for a server at 127.0.0.1, without the CA's own. */
  issue: (options?: IssueOptions) => Promise<Pair>;
  /** A CA below this one. */
  issueAuthority: (name: string) => Promise<Authority>;
}

const DAY_MS = 86_400_000;
// What certbot asks for unless told otherwise.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new CA that nobody trusts yet. */
export async function createAuthority(name = 'Test CA'): Promise<Authority> {
  const keys = await createKeys();
  const dates = validFor(3_650);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...dates,
    keys,
    name: `CN=${name}`,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return await toAuthority(toPem(certificate), { keys, subject: `CN=${name}` });
}

type KeyPair = webcrypto.CryptoKeyPair;
type Signer = { keys: KeyPair; subject: string };

async function toAuthority(cert: string, signer: Signer): Promise<Authority> {
  return {
    cert,
    key: exportKey(signer.keys.privateKey),
    issue: (options) => issue(signer, options),
    issueAuthority: async (name) => {
      const keys = await createKeys();
      const subject = `CN=${name}`;
      const extensions = [new BasicConstraintsExtension(true, undefined, true)];
      const below = await sign(signer, { ...validFor(1_000), subject, keys, extensions });
      return await toAuthority(below, { keys, subject });
    },
  };
}

async function issue(signer: Signer, options: IssueOptions = {}): Promise<Pair> {
  const { name = 'localhost', days = 90, addresses = ['127.0.0.1'], rsaBits } = options;
  const keys = await createKeys(rsaBits);
  const names = new SubjectAlternativeNameExtension([
    { type: 'dns', value: name },
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]);
  const subject = `CN=${name}`;
  const cert = await sign(signer, { ...validFor(days), subject, keys, extensions: [names] });
  return { cert, key: exportKey(keys.privateKey) };
}

type Content = Pick<X509CertificateCreateParams, 'notBefore' | 'notAfter' | 'extensions'> & {
  subject: string;
  keys: KeyPair;
};

async function sign({ keys, subject: issuer }: Signer, content: Content): Promise<string> {
  const { keys: own, ...rest } = content;
  const certificate = await X509CertificateGenerator.create({
    ...rest,
    issuer,
    publicKey: own.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: ALGORITHM,
  });
  return toPem(certificate);
}

function validFor(days: number) {
  const now = Date.now();
  return {
    notBefore: new Date(Math.min(now - DAY_MS, now + 2 * days * DAY_MS)),
    notAfter: new Date(now + days * DAY_MS),
  };
}

async function createKeys(rsaBits?: number): Promise<KeyPair> {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent };
  const algorithm = rsaBits ? { ...rsa, modulusLength: rsaBits } : ALGORITHM;
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as KeyPair;
}

function toPem(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function exportKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}
