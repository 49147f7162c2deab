import {
  type DatabaseLocation,
  defaultDatabaseFile,
  hasPassword,
  parseLocation,
} from '../db/connection/location.ts';
import { FleetError } from '../domain/errors.ts';

export interface LocationInput {
  /** What the flag, the variable or a file says; undefined for the default. */
  text: string | undefined;
  /** Whether it stood on the command line, where every user of the machine can read it. */
  isFromFlag: boolean;
  /** The flag that gives it; `--database` if absent. */
  flag?: '--database' | '--from' | '--to';
}

/** Returns where the database is; throws `usage` for a password on the command line, without repeating it. */
export function resolveLocation({
  text,
  isFromFlag,
  flag = '--database',
}: LocationInput): DatabaseLocation {
  if (text === undefined) return parseLocation(defaultDatabaseFile(process.env));
  if (text.trim() === '') throw new FleetError('usage', 'The database location is empty.');
  const location = parseLocation(text);
  if (location.kind === 'sqlite') return location;
  // Also what is no URL: somewhere in it there may be a password.
  if (isFromFlag && (hasPassword(location) || !URL.canParse(location.url))) {
    throw refusePassword(flag);
  }
  if (!URL.canParse(location.url)) {
    throw new FleetError('configuration', 'The location of the database is not a valid URL.', {
      hint: "percent-encode special characters, as in 'postgres://user:p%40ss@host/fleet'",
    });
  }
  return location;
}

function refusePassword(flag: string): FleetError {
  const setting = flag === '--database' ? 'set FLEET_DATABASE instead, or ' : '';
  return new FleetError(
    'usage',
    `${flag} must be a valid URL without a password: other users can read the command line.`,
    { hint: `${setting}keep the password in PGPASSWORD or a pgpass file` },
  );
}
