import type { Kysely } from 'kysely';
import { describeDatabaseError } from '../connection/errors.ts';
import type { Database } from '../schema.ts';

/** One of the two databases of a copy, with the name under which people know it. */
export interface Side {
  db: Kysely<Database>;
  where: string;
}

export interface Sides {
  from: Side;
  to: Side;
}

/** Returns what the work returns; where the database fails, the error says which of the two it was. */
export async function onSide<T>(
  { db, where }: Side,
  work: (db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  try {
    return await work(db);
  } catch (error) {
    throw describeDatabaseError(error, where) ?? error;
  }
}
