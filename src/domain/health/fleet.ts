/**
 * The fleet as a tree: customers with their sub-customers and machines, machines with their
 * instances. Lights go up from the instances: a machine shows its worst instance, a customer its
 * worst machine or sub-customer.
 */
import { type HealthState, judgeLight } from './judge.ts';
import {
  countNoLights,
  findWorstLight,
  type Light,
  type LightCounts,
  worseLight,
} from './light.ts';
import type { Watch } from './watch.ts';

export interface SoftwarePath {
  customer: string;
  machine: string;
  software: string;
}

/** An instance as the tree holds it: its path and what its light follows from. */
export type FleetState = SoftwarePath & HealthState;

export interface SoftwareNode<State extends FleetState = FleetState> {
  kind: 'software';
  state: State;
  light: Light;
}

export interface MachineNode<State extends FleetState = FleetState> {
  kind: 'machine';
  customer: string;
  machine: string;
  /** Few: at most as many as the limit allows, so that one is found fast enough without a Map. */
  software: SoftwareNode<State>[];
  light: Light;
  /** The last heartbeat of any of them; epoch ms. */
  lastBeatAtMs: number | null;
}

export interface CustomerNode<State extends FleetState = FleetState> {
  kind: 'customer';
  slug: string;
  name: string;
  machines: Map<string, MachineNode<State>>;
  customers: CustomerNode<State>[];
  light: Light;
  /** Its machines and those of the customers below it, by light. */
  counts: LightCounts;
  /** The last heartbeat of anything below it; epoch ms. */
  lastBeatAtMs: number | null;
}

/** All customers at once. */
export interface FleetNode<State extends FleetState = FleetState> {
  kind: 'fleet';
  customers: CustomerNode<State>[];
  light: Light;
  counts: LightCounts;
}

/** Whatever has a light. */
export type HealthNode = FleetNode | CustomerNode | MachineNode | SoftwareNode;

export interface FleetCustomer {
  slug: string;
  name: string;
  parent: string | null;
}

/** The customers at the top, and all of them by slug. */
export interface Fleet<State extends FleetState = FleetState> {
  roots: CustomerNode<State>[];
  customers: Map<string, CustomerNode<State>>;
}

/**
 * Returns the tree of these customers, without machines and in grey; by slug. A customer whose
 * parent is not among them stands at the top.
 */
export function buildFleet<State extends FleetState>(
  customers: readonly FleetCustomer[],
): Fleet<State> {
  const sorted = customers.toSorted((one, two) => (one.slug < two.slug ? -1 : 1));
  const nodes = new Map(sorted.map((each) => [each.slug, createCustomer<State>(each)]));
  const roots: CustomerNode<State>[] = [];
  for (const { slug, parent } of sorted) {
    const siblings = nodes.get(parent ?? '')?.customers ?? roots;
    siblings.push(nodes.get(slug) as CustomerNode<State>);
  }
  return { roots, customers: nodes };
}

/**
 * Puts an instance into the tree, or its newer state in place of the older one, and returns its node;
 * null for one of a customer that is not there.
 */
export function putState<State extends FleetState>(
  fleet: Fleet<State>,
  state: State,
): SoftwareNode<State> | null {
  const { customer, machine, software } = state;
  const owner = fleet.customers.get(customer);
  if (!owner) return null;
  let node = owner.machines.get(machine);
  if (!node) {
    node = { kind: 'machine', customer, machine, software: [], light: 'grey', lastBeatAtMs: null };
    owner.machines.set(machine, node);
  }
  const known = findSoftware(node, software);
  if (known) {
    known.state = state;
    return known;
  }
  const added: SoftwareNode<State> = { kind: 'software', state, light: 'grey' };
  node.software.push(added);
  return added;
}

function findSoftware<State extends FleetState>(
  node: MachineNode<State>,
  software: string,
): SoftwareNode<State> | undefined {
  return node.software.find(({ state }) => state.software === software);
}

/** Judges every instance and takes the lights up to the top. */
export function judgeFleet({ roots }: Fleet, watch: Watch): void {
  for (const root of roots) judgeCustomer(root, watch);
}

/** Returns the judged tree as one node. */
export function summarizeFleet<State extends FleetState>({
  roots,
}: Fleet<State>): FleetNode<State> {
  const counts = sumCounts(roots.map((root) => root.counts));
  return { kind: 'fleet', customers: roots, light: findWorstLight(counts), counts };
}

/** Returns the node of a path down to whichever level; undefined where there is none. */
export function findNode(
  { customers }: Fleet,
  path: { customer: string; machine?: string | undefined; software?: string | undefined },
): HealthNode | undefined {
  const customer = customers.get(path.customer);
  if (path.machine === undefined) return customer;
  const machine = customer?.machines.get(path.machine);
  if (path.software === undefined) return machine;
  return machine && findSoftware(machine, path.software);
}

/** Returns what stands directly below a node, customers before machines, by key. */
export function listChildren(node: HealthNode): HealthNode[] {
  if (node.kind === 'fleet') return node.customers;
  if (node.kind === 'customer') return [...node.customers, ...node.machines.values()];
  return node.kind === 'machine' ? node.software : [];
}

/** Returns the last part of the path of a node. */
export function nameNode(node: HealthNode): string {
  if (node.kind === 'fleet') return 'fleet';
  if (node.kind === 'customer') return node.slug;
  return node.kind === 'machine' ? node.machine : node.state.software;
}

function createCustomer<State extends FleetState>({
  slug,
  name,
}: FleetCustomer): CustomerNode<State> {
  const nothing = { machines: new Map(), customers: [], counts: countNoLights() };
  return { kind: 'customer', slug, name, ...nothing, light: 'grey', lastBeatAtMs: null };
}

/** Judges what is below a customer, and it itself. */
export function judgeCustomer(node: CustomerNode, watch: Watch): void {
  const counts = countNoLights();
  let light: Light = 'grey';
  let lastBeatAtMs: number | null = null;
  for (const machine of node.machines.values()) {
    judgeMachine(machine, watch);
    counts[machine.light] += 1;
    light = worseLight(light, machine.light);
    lastBeatAtMs = laterOf(lastBeatAtMs, machine.lastBeatAtMs);
  }
  for (const below of node.customers) {
    judgeCustomer(below, watch);
    light = worseLight(light, below.light);
    lastBeatAtMs = laterOf(lastBeatAtMs, below.lastBeatAtMs);
  }
  node.light = light;
  node.lastBeatAtMs = lastBeatAtMs;
  node.counts = sumCounts([counts, ...node.customers.map((below) => below.counts)]);
}

function judgeMachine(node: MachineNode, watch: Watch): void {
  let light: Light = 'grey';
  let lastBeatAtMs: number | null = null;
  for (const instance of node.software) {
    instance.light = judgeLight(instance.state, watch);
    light = worseLight(light, instance.light);
    lastBeatAtMs = laterOf(lastBeatAtMs, instance.state.last_beat_at);
  }
  node.light = light;
  node.lastBeatAtMs = lastBeatAtMs;
}

function laterOf(one: number | null, two: number | null): number | null {
  if (one === null || two === null) return one ?? two;
  return Math.max(one, two);
}

function sumCounts(all: readonly LightCounts[]): LightCounts {
  const sum = countNoLights();
  for (const counts of all) {
    for (const light of Object.keys(sum) as Light[]) sum[light] += counts[light];
  }
  return sum;
}
