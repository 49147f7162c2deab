import { resolve } from 'node:path';
import { string } from '@oclif/core/flags';
import { FleetError } from '../../domain/errors.ts';
import type { TlsFiles } from '../../server/tls/files.ts';

/** The files that a server speaks TLS with. */
export const tlsFlags = {
  'tls-cert': string({
    description:
      'Certificate for HTTPS (PEM), followed by its intermediate ones. It is read again when the file changes, and on SIGHUP.',
    env: 'FLEET_TLS_CERT',
    helpValue: '<file>',
  }),
  'tls-key': string({
    description: 'Private key of the certificate (PEM, without a passphrase).',
    env: 'FLEET_TLS_KEY',
    helpValue: '<file>',
  }),
};

interface TlsFlagValues {
  'tls-cert'?: string | undefined;
  'tls-key'?: string | undefined;
}

/** Returns the files of the certificate, null for a server without TLS; throws `usage` if one is missing. */
export function findTlsFiles({ 'tls-cert': cert, 'tls-key': key }: TlsFlagValues): TlsFiles | null {
  if (cert === undefined && key === undefined) return null;
  if (cert && key) return { certFile: resolve(cert), keyFile: resolve(key) };
  const missing = cert ? '--tls-key' : '--tls-cert';
  throw new FleetError(
    'usage',
    `TLS needs both a certificate and a key, and ${missing} is missing.`,
    {
      hint: 'fleet serve --tls-cert <file> --tls-key <file>',
    },
  );
}
