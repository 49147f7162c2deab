import { userInfo } from 'node:os';
import {
  type DatabaseLocation,
  defaultDatabaseFile,
  describeLocation,
} from '../../db/connection/location.ts';
import { printable } from '../../domain/text/printable.ts';
import { describeCertificate } from '../../server/tls/certificate.ts';
import { nameProgram } from '../program-name.ts';
import { aimCurl, type CurlTarget, isOfPublicCa } from './curl.ts';

export interface GreetingFacts extends CurlTarget {
  location: DatabaseLocation;
}

/** What a running server says to the person who started it: where the data is, and what to type next. */
export function renderGreeting({ location, ...target }: GreetingFacts): string {
  const curl = aimCurl(target);
  const fleet = nameProgram();
  const database = describeFlag(location);
  return [
    `fleet listens on ${target.url}`,
    `database: ${describeLocation(location)}${describeOwner(location)}`,
    ...describeTls(target),
    '',
    'Next, in another terminal:',
    `  ${fleet} customer create my-company${database}`,
    `  TOKEN=$(${fleet} token create my-company${database})`,
    `  curl ${curl.flags}-H "Authorization: Bearer $TOKEN" -d '{"version":"1.0.0"}' \\`,
    `    ${curl.url}/api/ingest/my-company/server-01/my-app/heartbeat`,
    `  ${fleet} machine list${database}`,
    '',
    `Does a device not show up? ${fleet} rejections tail${database}`,
    '',
  ].join('\n');
}

function describeTls({ chain }: CurlTarget): string[] {
  const [certificate] = chain;
  if (!certificate) return [];
  const { subject, expires_at } = describeCertificate(certificate);
  const trust = isOfPublicCa(chain) ? '' : '; of no public CA, so devices must be given its CA';
  return [`certificate: ${printable(subject)}, until ${expires_at.slice(0, 10)}${trust}`];
}

function describeFlag(location: DatabaseLocation): string {
  if (location.kind === 'sqlite' && location.file === defaultDatabaseFile(process.env)) return '';
  return process.env.FLEET_DATABASE ? '' : ` --database ${describeLocation(location)}`;
}

function describeOwner({ kind }: DatabaseLocation): string {
  if (kind === 'postgres') return '';
  try {
    return ` (owner: ${userInfo().username})`;
  } catch {
    // A container's user may have no entry in /etc/passwd.
    return ` (owner: uid ${process.getuid?.()})`;
  }
}
