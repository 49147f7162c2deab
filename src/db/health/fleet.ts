import type { Kysely } from 'kysely';
import { buildFleet, type Fleet, judgeFleet, putState } from '../../domain/health/fleet.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { listCustomers } from '../customers/customers.ts';
import type { Customer, Database } from '../schema.ts';
import { readStates, type StateRow } from './states.ts';
import { readWatch } from './watch.ts';

export interface FleetReading {
  fleet: Fleet<StateRow>;
  /** Who listened: the lights are of its `watchedUntilMs`. */
  watch: Watch;
}

/**
 * Returns the judged tree of the active customers, or of one (deactivated or not) with the active
 * ones below it.
 */
export async function readFleet(
  db: Kysely<Database>,
  { customer, nowMs }: { customer?: string | undefined; nowMs: number },
): Promise<FleetReading> {
  const all = (await listCustomers(db, { includeDeactivated: true })).items;
  const customers = selectBelow(all, customer);
  const fleet = buildFleet<StateRow>(customers);
  for await (const states of readStates(db, { customers, nowMs })) {
    for (const state of states) putState(fleet, state);
  }
  const watch = await readWatch(db, nowMs);
  judgeFleet(fleet, watch);
  return { fleet, watch };
}

function selectBelow(all: readonly Customer[], top: string | undefined): Customer[] {
  const active = all.filter(({ slug, deactivated_at }) => deactivated_at === null || slug === top);
  if (top === undefined) return active;
  const wanted = new Set([top]);
  let before = 0;
  while (wanted.size > before) {
    before = wanted.size;
    for (const { slug, parent } of active) if (wanted.has(parent ?? '')) wanted.add(slug);
  }
  return active.filter(({ slug }) => wanted.has(slug));
}
