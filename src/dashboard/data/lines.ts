/** The tree of the fleet as the lines of a list: what is open, matches and in which order. */
import type { StateRow } from '../../db/health/states.ts';
import {
  type CustomerNode,
  type Fleet,
  type MachineNode,
  nameNode,
  type SoftwareNode,
} from '../../domain/health/fleet.ts';
import {
  countNoLights,
  LIGHTS,
  type Light,
  type LightCounts,
  sumLights,
} from '../../domain/health/light.ts';

export const FLEET_ORDERS = ['worst', 'name', 'silence'] as const;
export type FleetOrder = (typeof FLEET_ORDERS)[number];

/** How the tree is looked at. */
export interface FleetView {
  /** Keys of the nodes that an operator opened, or closed; the others are as by default. */
  opened: readonly string[];
  closed: readonly string[];
  /** Part of a path or of a customer's name; what matches is shown with all that is above it. */
  filter: string;
  order: FleetOrder;
  onlyRed: boolean;
}

/** How much of what is below a node is shown: all, nothing, or of a customer what is not well. */
export type Openness = 'open' | 'closed' | 'worst';

type Customer = CustomerNode<StateRow>;
type Machine = MachineNode<StateRow>;
type Software = SoftwareNode<StateRow>;
export type FleetNode = Customer | Machine | Software;

export interface NodeLine {
  kind: 'node';
  node: FleetNode;
  depth: number;
  openness: Openness;
}

/** In place of what is well, and of more than one wants to see at once. */
export interface RestLine {
  kind: 'rest';
  parent: Customer;
  depth: number;
  /** Machines, by light. */
  machines: LightCounts;
  customers: number;
}

export type FleetLine = NodeLine | RestLine;

/** So many machines of a customer are shown before it is opened: those of the next one stay in sight. */
const MOST_OF_WORST = 8;

/** Returns the key of a node: its slug or path. */
export function keyOfNode(node: FleetNode): string {
  if (node.kind === 'customer') return node.slug;
  if (node.kind === 'machine') return `${node.customer}/${node.machine}`;
  const { customer, machine, software } = node.state;
  return `${customer}/${machine}/${software}`;
}

/** Returns the key of a line. */
export function keyOfLine(line: FleetLine): string {
  return line.kind === 'node' ? keyOfNode(line.node) : `${line.parent.slug}/…`;
}

/** Returns the lines from top to bottom. */
export function listLines({ roots }: Fleet<StateRow>, view: FleetView): FleetLine[] {
  const lister = new Lister(view);
  lister.addAll(roots, { depth: 0, isFound: false });
  return lister.lines;
}

interface Place {
  depth: number;
  /** Something above matches what is looked for. */
  isFound: boolean;
}

class Lister {
  readonly lines: FleetLine[] = [];
  readonly #view: FleetView;
  readonly #opened: ReadonlySet<string>;
  readonly #closed: ReadonlySet<string>;
  readonly #wanted: string;

  constructor(view: FleetView) {
    this.#view = view;
    this.#opened = new Set(view.opened);
    this.#closed = new Set(view.closed);
    this.#wanted = view.filter.toLowerCase();
  }

  /** Returns whether any of them is shown; customers and machines stand among each other, the worst first. */
  addAll(nodes: readonly (Customer | Machine)[], place: Place): boolean {
    let isAny = false;
    for (const node of this.#sort(nodes)) {
      const isShown =
        node.kind === 'customer' ? this.#addCustomer(node, place) : this.#addMachine(node, place);
      isAny ||= isShown;
    }
    return isAny;
  }

  #addCustomer(node: Customer, { depth, isFound: isAboveFound }: Place): boolean {
    const isFound = isAboveFound || this.#matches(`${node.slug} ${node.name}`);
    return this.#addNode(node, { depth, isFound }, (openness) => {
      const below = { depth: depth + 1, isFound };
      if (openness === 'worst') return this.#addWorst(node, below);
      return this.addAll([...node.customers, ...node.machines.values()], below);
    });
  }

  #addWorst(node: Customer, place: Place): boolean {
    const customers = node.customers.filter(isUnwell);
    const unwell = [...node.machines.values()].filter(isUnwell);
    const worst = this.#sort(unwell).slice(0, MOST_OF_WORST);
    const isShown = this.addAll([...customers, ...worst], place);
    if (isShown) this.#addRest(node, { customers, worst, depth: place.depth });
    return isShown;
  }

  #addRest(
    parent: Customer,
    shown: { customers: readonly Customer[]; worst: readonly Machine[]; depth: number },
  ): void {
    const machines = countNoLights();
    for (const { light } of parent.machines.values()) machines[light] += 1;
    for (const { light } of shown.worst) machines[light] -= 1;
    const customers = parent.customers.length - shown.customers.length;
    if (sumLights(machines) + customers === 0) return;
    this.lines.push({ kind: 'rest', parent, depth: shown.depth, machines, customers });
  }

  #addMachine(node: Machine, { depth, isFound: isAboveFound }: Place): boolean {
    const isFound = isAboveFound || this.#matches(keyOfNode(node));
    return this.#addNode(node, { depth, isFound }, () => {
      let isAny = false;
      for (const instance of this.#sort(node.software)) {
        const isOwn = isFound || this.#matches(keyOfNode(instance));
        const place = { depth: depth + 1, isFound: isOwn };
        if (this.#addNode(instance, place, () => false)) isAny = true;
      }
      return isAny;
    });
  }

  /** Adds a node and what is shown below it; takes it out again where neither it nor that is wanted. */
  #addNode(
    node: FleetNode,
    { depth, isFound }: Place,
    addBelow: (openness: Openness) => boolean,
  ): boolean {
    if (this.#view.onlyRed && node.light !== 'red') return false;
    const at = this.lines.length;
    // What does not match itself is shown for what is below it.
    const openness = isFound ? this.#findOpenness(node) : 'open';
    const line: NodeLine = { kind: 'node', node, depth, openness };
    this.lines.push(line);
    const isAnyBelow = openness !== 'closed' && addBelow(openness);
    if (openness === 'worst' && !isAnyBelow) line.openness = 'closed';
    if (!isFound && !isAnyBelow) this.lines.length = at;
    return isFound || isAnyBelow;
  }

  #findOpenness(node: FleetNode): Openness {
    const key = keyOfNode(node);
    if (this.#closed.has(key)) return 'closed';
    if (this.#opened.has(key)) return 'open';
    if (node.kind === 'customer') return this.#view.onlyRed ? 'open' : 'worst';
    // A machine says of its only instance all that there is to say.
    const isWorthIt = node.kind === 'machine' && node.software.length > 1;
    return this.#view.onlyRed && isWorthIt ? 'open' : 'closed';
  }

  #matches(text: string): boolean {
    return this.#wanted === '' || text.toLowerCase().includes(this.#wanted);
  }

  #sort<Node extends FleetNode>(nodes: Iterable<Node>): Node[] {
    if (this.#view.order === 'worst') return sortWorst(nodes);
    if (this.#view.order === 'name') return [...nodes].sort(compareNames);
    return [...nodes].sort(compareSilence);
  }
}

const UNWELL: ReadonlySet<Light> = new Set(['red', 'yellow']);

function isUnwell({ light }: { light: Light }): boolean {
  return UNWELL.has(light);
}

/** By light first: what then has to be sorted by name mostly is already, as it was read by key. */
function sortWorst<Node extends FleetNode>(nodes: Iterable<Node>): Node[] {
  const groups = Map.groupBy(nodes, ({ light }) => light);
  return LIGHTS.flatMap((light) => groups.get(light)?.sort(compareNames) ?? []);
}

/** The longest silence first; what was never heard before it. */
function compareSilence(one: FleetNode, two: FleetNode): number {
  return (lastBeatOf(one) ?? 0) - (lastBeatOf(two) ?? 0) || compareNames(one, two);
}

/** Customers before machines, each by name. */
function compareNames(one: FleetNode, two: FleetNode): number {
  if (one.kind !== two.kind) return one.kind === 'customer' ? -1 : 1;
  const [first, second] = [nameNode(one), nameNode(two)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Returns the last heartbeat of anything at or below a node, epoch ms; null where there was none. */
export function lastBeatOf(node: FleetNode): number | null {
  return node.kind === 'software' ? node.state.last_beat_at : node.lastBeatAtMs;
}
