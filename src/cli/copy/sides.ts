import type { Kysely } from 'kysely';
import { describeDatabaseError } from '../../db/connection/errors.ts';
import { type DatabaseLocation, describeLocation } from '../../db/connection/location.ts';
import { openDatabase, openOrCreateDatabase } from '../../db/connection/open.ts';
import { requireNoServer } from '../../db/copy/servers.ts';
import type { Side, Sides } from '../../db/copy/side.ts';
import type { Database } from '../../db/schema.ts';
import { FleetError } from '../../domain/errors.ts';
import { quoteWord } from '../../domain/text/shell-word.ts';

export interface Locations {
  from: DatabaseLocation;
  to: DatabaseLocation;
}

type Flag = '--from' | '--to';
type Open = (location: DatabaseLocation) => Promise<Kysely<Database>>;

interface SidesOptions {
  nowMs: number;
  /** Told the location when the target had to be created. */
  onCreate: (location: string) => void;
}

/** Opens both databases of a copy, the source to read only, and closes them after the work. */
export async function withSides<T>(
  locations: Locations,
  { nowMs, onCreate }: SidesOptions,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  const from = await openSide(locations.from, '--from', (each) =>
    openDatabase(each, { access: 'read' }),
  );
  try {
    // Before the target is created: a copy that is refused leaves nothing behind.
    await requireNoServer(from, nowMs);
    const to = await openSide(locations.to, '--to', (each) =>
      openOrCreateDatabase(each, { isCopyTarget: true, onCreate }),
    );
    return await work({ from, to }).finally(() => to.db.destroy());
  } finally {
    await from.db.destroy();
  }
}

/** Opens one of them; errors and the commands in their hints name it, or the flag that gives it. */
export async function openSide(location: DatabaseLocation, flag: Flag, open: Open): Promise<Side> {
  const where = describeLocation(location);
  try {
    return { db: await open(location), where };
  } catch (error) {
    const known = describeDatabaseError(error, where) ?? error;
    throw known instanceof FleetError ? nameSide(known, flag, where) : known;
  }
}

/** What the errors of all commands suggest is meant for the one database of `--database`. */
function nameSide(error: FleetError, flag: Flag, where: string): FleetError {
  const hint = suggest(error, flag, where);
  return new FleetError(error.code, error.message, { hint, cause: error.cause ?? error });
}

function suggest({ code, hint = '' }: FleetError, flag: Flag, where: string): string {
  if (code === 'database_missing') return 'give --from, or set FLEET_DATABASE';
  if (code === 'schema_old') return `${hint} --database ${quoteWord(where)}`;
  return hint.replace(flag === '--to' ? /--database( and FLEET_DATABASE)?/ : '--database', flag);
}
