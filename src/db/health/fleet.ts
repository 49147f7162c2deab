import type { Kysely } from 'kysely';
import { collectBelow } from '../../domain/customers/below.ts';
import { buildFleet, type Fleet, judgeFleet, putState } from '../../domain/health/fleet.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { listCustomers } from '../customers/customers.ts';
import type { Customer, Database } from '../schema.ts';
import { readStates, type StateRow, type StateScope } from './states.ts';
import { readWatch } from './watch.ts';

export interface FleetReading {
  fleet: Fleet<StateRow>;
  /** Who listened: the lights are of its `watchedUntilMs`. */
  watch: Watch;
}

export interface FleetScope extends Omit<StateScope, 'customers'> {
  /** Only this customer, deactivated or not, with the active ones below it. */
  customer?: string | undefined;
  /** Also all the deactivated ones. */
  includeDeactivated?: boolean;
}

/** Returns the judged tree of the active customers and of what the scope leaves of them. */
export async function readFleet(db: Kysely<Database>, scope: FleetScope): Promise<FleetReading> {
  const all = (await listCustomers(db, { includeDeactivated: true })).items;
  const customers = selectCustomers(all, scope);
  const fleet = buildFleet<StateRow>(customers);
  for await (const states of readStates(db, { ...scope, customers })) {
    for (const state of states) putState(fleet, state);
  }
  const watch = await readWatch(db, scope.nowMs);
  judgeFleet(fleet, watch);
  return { fleet, watch };
}

function selectCustomers(
  all: readonly Customer[],
  { customer: top, includeDeactivated = false }: FleetScope,
): Customer[] {
  const shown = all.filter(
    ({ slug, deactivated_at }) => includeDeactivated || deactivated_at === null || slug === top,
  );
  if (top === undefined) return shown;
  const wanted = collectBelow(top, shown);
  return shown.filter(({ slug }) => wanted.has(slug));
}
