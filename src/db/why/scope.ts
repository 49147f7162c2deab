import type { Kysely } from 'kysely';
import type { CustomerNode, FleetState } from '../../domain/health/fleet.ts';
import { judgeHealth, judgeLight } from '../../domain/health/judge.ts';
import { compareLights, countNoLights, type Light } from '../../domain/health/light.ts';
import type { Watch } from '../../domain/health/watch.ts';
import type { Focus, ScopeState } from '../../domain/why/evidence.ts';
import type { Target } from '../../domain/why/target.ts';
import { readFleet } from '../health/fleet.ts';
import { readStates, type StateRow } from '../health/states.ts';
import type { Customer, Database } from '../schema.ts';

interface ScopeInput {
  target: Target;
  customer: Customer;
  watch: Watch;
}

interface Judged {
  state: StateRow;
  light: Light;
}

/** Returns the state of what registered at a path or below it, and the worst of it; null where nothing did. */
export async function readScope(
  db: Kysely<Database>,
  { target, customer, watch }: ScopeInput,
): Promise<ScopeState | null> {
  const { counts, judged } =
    target.machine === null
      ? await readCustomer(db, { slug: customer.slug, watch })
      : await readBelow(db, { target, customer, watch });
  const [first] = judged;
  if (!first) return null;
  const worst = judged.reduce((one, two) => (compareLights(two.light, one.light) < 0 ? two : one));
  const beats = judged.map(({ state }) => state.last_beat_at ?? 0);
  return {
    focus: toFocus(worst.state, watch),
    lastAcceptedAtMs: judged.reduce((last, { state }) => Math.max(last, state.last_seen_at), 0),
    lastBeatAtMs: beats.reduce((last, at) => Math.max(last, at), 0) || null,
    counts,
  };
}

type Scope = { counts: ScopeState['counts']; judged: Judged[] };

/** With the customers below it, since their lights are part of its own. */
async function readCustomer(
  db: Kysely<Database>,
  { slug, watch }: { slug: string; watch: Watch },
): Promise<Scope> {
  const { fleet } = await readFleet(db, { customer: slug, nowMs: watch.nowMs });
  const root = fleet.customers.get(slug);
  if (!root) return { counts: null, judged: [] };
  return { counts: { of: 'machine', lights: root.counts }, judged: [...listInstances(root)] };
}

function* listInstances(node: CustomerNode<StateRow>): Generator<Judged> {
  for (const machine of node.machines.values()) yield* machine.software;
  for (const below of node.customers) yield* listInstances(below);
}

async function readBelow(
  db: Kysely<Database>,
  { target, customer, watch }: ScopeInput,
): Promise<Scope> {
  const machine = target.machine ?? undefined;
  const software = target.software ?? undefined;
  const scope = { customers: [customer], machine, software, nowMs: watch.nowMs };
  const judged: Judged[] = [];
  const lights = countNoLights();
  for await (const states of readStates(db, scope)) {
    for (const state of states) {
      const light = judgeLight(state, watch);
      lights[light] += 1;
      judged.push({ state, light });
    }
  }
  return { counts: software === undefined ? { of: 'instance', lights } : null, judged };
}

function toFocus(state: FleetState, watch: Watch): Focus {
  const { customer, machine, software, worst_code } = state;
  const health = judgeHealth(state, watch);
  return { customer, machine, software, worstCode: worst_code, health };
}
