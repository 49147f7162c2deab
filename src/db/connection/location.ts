import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { FleetError } from '../../domain/errors.ts';

/** Where the data lives: a SQLite file or a PostgreSQL server. */
export type DatabaseLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

const SECRET_PARAMETERS = ['password', 'sslpassword'];
const URL_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Reads a path or a `postgres://` URL; throws `configuration` for a scheme that is no database of ours. */
export function parseLocation(text: string): DatabaseLocation {
  const scheme = URL_SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'sqlite', file: resolve(text) };
  if (scheme === 'postgres' || scheme === 'postgresql') return { kind: 'postgres', url: text };
  throw new FleetError(
    'configuration',
    `'${scheme}://' is no database that fleet knows: give a file or postgres://host/database.`,
  );
}

/** The embedded database of this user: below `$XDG_DATA_HOME`, else `~/.local/share`. */
export function defaultDatabaseFile(env: NodeJS.ProcessEnv): string {
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return join(data, 'fleet', 'fleet.db');
}

/** The location as people may see it: a password in it is left out. */
export function describeLocation(location: DatabaseLocation): string {
  if (location.kind === 'sqlite') return location.file;
  // What is no URL cannot be taken apart, so nothing of it is shown.
  if (!URL.canParse(location.url)) return 'postgres://…';
  if (!hasPassword(location)) return location.url;
  const url = new URL(location.url);
  url.password = '';
  for (const name of SECRET_PARAMETERS) url.searchParams.delete(name);
  return url.href;
}

/** Whether a `postgres://` URL carries a password, in its authority or as a parameter. */
export function hasPassword(location: DatabaseLocation): boolean {
  if (location.kind === 'sqlite' || !URL.canParse(location.url)) return false;
  const { password, searchParams } = new URL(location.url);
  return password !== '' || SECRET_PARAMETERS.some((name) => searchParams.has(name));
}
