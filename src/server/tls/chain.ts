import { X509Certificate } from 'node:crypto';
import { FleetError } from '../../domain/errors.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const BLOCK_START = /-----BEGIN CERTIFICATE-----/g;

/** What to type where the certificates of a file stand in the wrong order. */
export const ORDER_HINT = 'cat server.pem intermediate.pem > fullchain.pem';

/** Returns the certificates of a PEM file in their order; throws `configuration` if there is none, or a broken one. */
export function readChain(text: string, path: string): X509Certificate[] {
  const blocks = text.match(BLOCK) ?? [];
  const count = text.match(BLOCK_START)?.length ?? 0;
  if (count === 0) throw refuseContent(text, path);
  // As while it is still being written.
  if (count > blocks.length) {
    throw new FleetError('configuration', `The certificate file ${path} is cut off.`, {
      hint: `tail -n 3 ${path}`,
    });
  }
  return blocks.map((block, index) => readCertificate(block, `${index + 1} of the file ${path}`));
}

/**
 * Each certificate stands before the one that signed it (RFC 8446, 4.4.2); throws `configuration`
 * for what cannot be right. Certificates that sign nothing, and two for one CA, are usual.
 */
export function requireOrder(chain: readonly X509Certificate[], path: string): void {
  for (const [index, certificate] of chain.entries()) {
    const isSigner = (other: X509Certificate) => certificate.checkIssued(other);
    if (isSigner(certificate) || chain.slice(index + 1).some(isSigner)) continue;
    const signer = chain.findIndex(isSigner);
    if (signer === -1) continue;
    throw new FleetError(
      'configuration',
      `Certificate ${signer + 1} of the file ${path} signed number ${index + 1} and must stand after it.`,
      { hint: ORDER_HINT },
    );
  }
}

function refuseContent(text: string, path: string): FleetError {
  if (text.includes('PRIVATE KEY-----')) {
    return new FleetError('configuration', `The certificate file ${path} holds only a key.`, {
      hint: 'fleet serve --tls-cert <certificate> --tls-key <key>',
    });
  }
  return new FleetError('configuration', `The certificate file ${path} holds no PEM certificate.`, {
    hint: `openssl x509 -in ${path} -out cert.pem, which turns other forms into PEM`,
  });
}

function readCertificate(block: string, name: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw new FleetError('configuration', `Certificate ${name} is damaged.`, {
      hint: 'copy the file again from where it was issued',
      cause,
    });
  }
}
