/** What a listener with TLS works with: a certificate with its chain, and the key that belongs to it. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { FleetError } from '../../domain/errors.ts';
import { ORDER_HINT, readChain, requireOrder } from './chain.ts';
import { readTlsFiles, type TlsContents, type TlsFiles } from './files.ts';
import { readPrivateKey } from './private-key.ts';

export interface TlsMaterial extends TlsContents {
  /** Where it comes from. */
  files: TlsFiles;
  /** The certificate of the server itself, which is also the first of the chain. */
  certificate: X509Certificate;
  chain: readonly X509Certificate[];
}

/** Reads the files and checks that a server can use them; throws `configuration`. */
export async function readTlsMaterial(files: TlsFiles): Promise<TlsMaterial> {
  return checkTlsContents(await readTlsFiles(files), files);
}

/** Returns what was read as material; throws `configuration` for what a server cannot use. */
export function checkTlsContents(contents: TlsContents, files: TlsFiles): TlsMaterial {
  const chain = readChain(contents.cert, files.certFile);
  const key = readPrivateKey(contents.key, files.keyFile);
  const certificate = findOwnCertificate(chain, key, files);
  requireOrder(chain, files.certFile);
  tryOut(contents, files);
  return { ...contents, files, certificate, chain };
}

/**
 * The options that handshakes are made with: all of them, because `setSecureContext` forgets what
 * it is not told again. No TLS 1.0 and 1.1, as RFC 8996 has it.
 */
export function toContextOptions({ cert, key }: TlsContents) {
  return { cert, key, minVersion: 'TLSv1.2' as const };
}

function findOwnCertificate(
  chain: readonly X509Certificate[],
  key: KeyObject,
  { certFile, keyFile }: TlsFiles,
): X509Certificate {
  const index = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  const certificate = chain[index];
  if (certificate && index === 0) return certificate;
  if (certificate) {
    const message = `The server's own certificate is number ${index + 1} of the file ${certFile} and must be the first.`;
    throw new FleetError('configuration', message, { hint: ORDER_HINT });
  }
  throw new FleetError(
    'configuration',
    `The key in ${keyFile} does not belong to the certificate in ${certFile}.`,
    { hint: 'use the two files that were issued together' },
  );
}

/** What only OpenSSL can tell, as of a key that is too short. */
function tryOut(contents: TlsContents, { certFile }: TlsFiles): void {
  try {
    createSecureContext(toContextOptions(contents));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FleetError('configuration', `OpenSSL refuses the certificate: ${reason}.`, {
      hint: `openssl x509 -in ${certFile} -noout -text`,
      cause,
    });
  }
}
