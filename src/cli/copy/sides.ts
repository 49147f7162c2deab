import type { Kysely } from 'kysely';
import { describeDatabaseError } from '../../db/connection/errors.ts';
import { type DatabaseLocation, describeLocation } from '../../db/connection/location.ts';
import { openDatabase, openOrCreateDatabase } from '../../db/connection/open.ts';
import type { Side, Sides } from '../../db/copy/side.ts';
import type { Database } from '../../db/schema.ts';
import { FleetError } from '../../domain/errors.ts';
import { quoteWord } from '../../domain/shell-word.ts';

export interface Locations {
  from: DatabaseLocation;
  to: DatabaseLocation;
}

type Open = (location: DatabaseLocation) => Promise<Kysely<Database>>;

/** Opens both databases of a copy, the source to read only, and closes them after the work. */
export async function withSides<T>(
  locations: Locations,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  const from = await openSide(locations.from, (each) => openDatabase(each, { access: 'read' }));
  try {
    const to = await openSide(locations.to, (each) =>
      openOrCreateDatabase(each, { isCopyTarget: true }),
    );
    return await work({ from, to }).finally(() => to.db.destroy());
  } finally {
    await from.db.destroy();
  }
}

/** Opens one of them; errors and the commands in their hints name it. */
export async function openSide(location: DatabaseLocation, open: Open): Promise<Side> {
  const where = describeLocation(location);
  try {
    return { db: await open(location), where };
  } catch (error) {
    throw nameDatabase(describeDatabaseError(error, where) ?? error, where);
  }
}

/** What the errors of all commands suggest is meant for the one database of `--database`. */
function nameDatabase(error: unknown, where: string): unknown {
  if (!(error instanceof FleetError)) return error;
  const { code, message, hint } = error;
  if (code === 'database_missing') return new FleetError(code, message, { hint: 'check --from' });
  if (code !== 'schema_old') return error;
  return new FleetError(code, message, { hint: `${hint} --database ${quoteWord(where)}` });
}
