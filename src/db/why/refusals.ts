import type { Kysely } from 'kysely';
import {
  isSamePath,
  isSimilarPath,
  type RefusedPath,
  type Target,
} from '../../domain/why/target.ts';
import type { RejectionEntry } from '../rejections/entries.ts';
import { getRejections } from '../rejections/queries.ts';
import type { Database } from '../schema.ts';

export interface GatheredRefusal extends RejectionEntry {
  /** Whether the path to which it was addressed has registered. */
  isRegistered: boolean;
}

export interface Refusals {
  /** To the path itself: the unsolved first, then the newest. */
  refusals: GatheredRefusal[];
  /** To paths that have not registered, and may be of the same device; the newest first. */
  similarRefusals: GatheredRefusal[];
}

interface Row extends RefusedPath {
  id: string;
  isRegistered: boolean;
}

/** Of so many, the newest, it is looked up whether they are solved. */
const MOST_EXAMINED = 100;

/**
 * Returns the rejections that concern a path, out of the whole log: it is bounded, and what is
 * similar no index finds.
 */
export async function readRefusals(db: Kysely<Database>, target: Target): Promise<Refusals> {
  const rows = await readRows(db);
  const same = rows.filter((row) => isSamePath(target, row));
  const similar = rows.filter((row) => !row.isRegistered && isSimilarPath(target, row));
  const refusals = await readEntries(db, same);
  return {
    refusals: [
      ...refusals.filter((each) => !each.solved),
      ...refusals.filter((each) => each.solved),
    ],
    similarRefusals: await readEntries(db, similar),
  };
}

/** The newest first. */
async function readRows(db: Kysely<Database>): Promise<Row[]> {
  const rows = await db
    .selectFrom('rejection')
    .leftJoin('instance', (join) =>
      join
        .onRef('instance.customer', '=', 'rejection.customer')
        .onRef('instance.machine', '=', 'rejection.machine')
        .onRef('instance.software', '=', 'rejection.software'),
    )
    .select([
      'rejection.id',
      'rejection.customer',
      'rejection.machine',
      'rejection.software',
      'rejection.reason',
      'rejection.token_customer',
      'instance.customer as known',
    ])
    .orderBy('rejection.last_at', 'desc')
    .orderBy('rejection.id', 'desc')
    .execute();
  return rows.map(({ known, ...row }) => ({ ...row, isRegistered: known !== null }));
}

async function readEntries(db: Kysely<Database>, rows: readonly Row[]): Promise<GatheredRefusal[]> {
  const examined = rows.slice(0, MOST_EXAMINED);
  const registered = new Set(examined.filter((row) => row.isRegistered).map(({ id }) => id));
  const entries = await getRejections(
    db,
    examined.map(({ id }) => id),
  );
  return entries
    .toReversed()
    .map((entry) => ({ ...entry, isRegistered: registered.has(entry.id) }));
}
