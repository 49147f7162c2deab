import { userInfo } from 'node:os';
import { type DatabaseLocation, defaultDatabaseFile, describeLocation } from '../../db/location.ts';

/** What a running server says to the person who started it: where the data is, and what to type next. */
export function renderGreeting(url: string, location: DatabaseLocation): string {
  const fleet = process.env.npm_lifecycle_event ? 'npx fleet' : 'fleet';
  const database = describeFlag(location);
  return [
    `fleet listens on ${url}`,
    `database: ${describeLocation(location)}${describeOwner(location)}`,
    '',
    'Next, in another terminal:',
    `  ${fleet} customer create my-company${database}`,
    `  TOKEN=$(${fleet} token create my-company${database})`,
    `  curl -H "Authorization: Bearer $TOKEN" -d '{"version":"1.0.0"}' \\`,
    `    ${url}/api/ingest/my-company/server-01/my-app/heartbeat`,
    `  ${fleet} machine list${database}`,
    '',
    `Does a device not show up? ${fleet} rejections tail${database}`,
    '',
  ].join('\n');
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
