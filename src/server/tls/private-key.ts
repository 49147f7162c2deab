import { createPrivateKey, type KeyObject } from 'node:crypto';
import { FleetError } from '../../domain/errors.ts';

const BLOCK_START = /-----BEGIN (?:\w+ )*PRIVATE KEY-----/;
// PKCS #8 (RFC 5958), and the older form with headers (RFC 1421).
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** Returns the private key of a PEM file; throws `configuration` if there is none that can be used. */
export function readPrivateKey(text: string, path: string): KeyObject {
  if (!BLOCK_START.test(text)) {
    throw refuse(
      `The key file ${path} holds no PEM private key.`,
      `openssl pkey -in ${path} -out key.pem, which turns other forms into PEM`,
    );
  }
  // Nobody could type the passphrase when the server starts at night.
  if (ENCRYPTED.test(text)) {
    throw refuse(
      `The key in the file ${path} is encrypted.`,
      `openssl pkey -in ${path} -out key.pem, which asks for the passphrase and removes it`,
    );
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw refuse(
      `The key in the file ${path} is damaged.`,
      'copy the file again from where it was issued',
      cause,
    );
  }
}

function refuse(message: string, hint: string, cause?: unknown): FleetError {
  return new FleetError('configuration', message, { hint, cause });
}
