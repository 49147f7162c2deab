/** The two files of a certificate: read, and described where they cannot be. */
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { FleetError } from '../../domain/errors.ts';

export interface TlsFiles {
  /** The certificate of the server, followed by the ones that lead to its CA (PEM). */
  certFile: string;
  /** Its private key (PEM, without a passphrase). */
  keyFile: string;
}

export interface TlsContents {
  cert: string;
  key: string;
}

interface Role {
  noun: string;
  flag: string;
  variable: string;
}

const CERT: Role = { noun: 'certificate', flag: '--tls-cert', variable: 'FLEET_TLS_CERT' };
const KEY: Role = { noun: 'key', flag: '--tls-key', variable: 'FLEET_TLS_KEY' };

/** Reads both files as they are now, through all symlinks; throws `configuration` where it cannot. */
export async function readTlsFiles({ certFile, keyFile }: TlsFiles): Promise<TlsContents> {
  return { cert: await readOne(certFile, CERT), key: await readOne(keyFile, KEY) };
}

async function readOne(path: string, role: Role): Promise<string> {
  try {
    // Reading a pipe or a device could wait for ever, and its content could not be read again.
    if ((await stat(path)).isFile()) return await readFile(path, 'latin1');
  } catch (error) {
    throw describeFileError(error as NodeJS.ErrnoException, path, role);
  }
  throw new FleetError('configuration', `The ${role.noun} file ${path} is no regular file.`, {
    hint: checkSettings(role),
  });
}

function describeFileError(cause: NodeJS.ErrnoException, path: string, role: Role): FleetError {
  const file = `${role.noun} file ${path}`;
  const say = (message: string, hint: string) =>
    new FleetError('configuration', message, { hint, cause });
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return say(`There is no ${file}.`, checkSettings(role));
  }
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return say(`${nameUser()} may not read the ${file}.`, `namei -l ${path}`);
  }
  return say(`The ${file} cannot be read: ${cause.message}.`, `ls -l ${path}`);
}

function checkSettings({ flag, variable }: Role): string {
  return `check ${flag} and ${variable}`;
}

function nameUser(): string {
  try {
    return `The user ${userInfo().username}`;
  } catch {
    // A container's user may have no entry in /etc/passwd.
    return `The uid ${process.getuid?.()}`;
  }
}
