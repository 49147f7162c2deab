/** Gathers what is known about a path, for the verdict of `fleet why` and of the dashboard. */
import type { Kysely } from 'kysely';
import type { Evidence } from '../../domain/why/evidence.ts';
import type { Target } from '../../domain/why/target.ts';
import { findCustomer } from '../customers/customers.ts';
import { readWatch } from '../health/watch.ts';
import { listLivingNodes } from '../nodes.ts';
import type { Database } from '../schema.ts';
import { NO_NEIGHBOURS, readNeighbours } from './neighbours.ts';
import { type GatheredRefusal, readRefusals } from './refusals.ts';
import { readScope } from './scope.ts';
import { countTokens, findTokenOf, findTokenToUse } from './tokens.ts';

/** The evidence with its refusals as the log shows them. */
export interface GatheredEvidence extends Evidence {
  refusals: GatheredRefusal[];
  similarRefusals: GatheredRefusal[];
}

/** Returns all that is known about a path, which need not exist, nor consist of slugs. */
export async function gatherEvidence(
  db: Kysely<Database>,
  target: Target,
  nowMs: number,
): Promise<GatheredEvidence> {
  const watch = await readWatch(db, nowMs);
  const servers = (await listLivingNodes(db, nowMs)).map(({ node }) => node);
  const customer = await findCustomer(db, target.customer);
  const state = customer ? await readScope(db, { target, customer, watch }) : null;
  const of = { customer: target.customer, nowMs };
  return {
    target,
    watch,
    servers,
    customer: customer ? { isDeactivated: customer.deactivated_at !== null } : null,
    state,
    ...(await readRefusals(db, target)),
    token: state ? await findTokenOf(db, state.focus, nowMs) : await findTokenToUse(db, of),
    tokens: await countTokens(db, of),
    neighbours: state ? NO_NEIGHBOURS : await readNeighbours(db, target),
  };
}
