/** The tree of the fleet as the lines of a list: what is expanded, matches and in which order. */

import type { StateRow } from '../../db/health/states.ts';
import type { CustomerNode, Fleet, MachineNode, SoftwareNode } from '../../domain/health/fleet.ts';
import { nameNode } from '../../domain/health/fleet.ts';
import { compareLights, type Light } from '../../domain/health/light.ts';

export const FLEET_ORDERS = ['worst', 'name', 'silence'] as const;
export type FleetOrder = (typeof FLEET_ORDERS)[number];

/** How the tree is looked at. */
export interface FleetView {
  /** Keys of the nodes that are open where they are closed by default, or the other way round. */
  toggled: readonly string[];
  /** Part of a path or of a customer's name; what matches is shown with all that is above it. */
  filter: string;
  order: FleetOrder;
  onlyRed: boolean;
}

type Customer = CustomerNode<StateRow>;
type Machine = MachineNode<StateRow>;
type Software = SoftwareNode<StateRow>;
export type FleetNode = Customer | Machine | Software;

export interface FleetLine {
  node: FleetNode;
  depth: number;
  isExpanded: boolean;
}

/** Returns the key of a node: its slug or path. */
export function keyOfNode(node: FleetNode): string {
  if (node.kind === 'customer') return node.slug;
  if (node.kind === 'machine') return `${node.customer}/${node.machine}`;
  const { customer, machine, software } = node.state;
  return `${customer}/${machine}/${software}`;
}

/** Returns the lines from top to bottom. While something is looked for, what is found is expanded. */
export function listLines({ roots }: Fleet<StateRow>, view: FleetView): FleetLine[] {
  const lister = new Lister(view);
  for (const root of lister.sort(roots)) lister.addCustomer(root, 0);
  return lister.lines;
}

class Lister {
  readonly lines: FleetLine[] = [];
  readonly #view: FleetView;
  readonly #toggled: ReadonlySet<string>;
  readonly #wanted: string;

  constructor(view: FleetView) {
    this.#view = view;
    this.#toggled = new Set(view.toggled);
    this.#wanted = view.filter.toLowerCase();
  }

  sort<Node extends FleetNode>(nodes: Iterable<Node>): Node[] {
    if (this.#view.order === 'worst') return [...nodes].sort(compareWorst);
    if (this.#view.order === 'name') return [...nodes].sort(compareNames);
    const silent = Array.from(nodes, (node) => ({ node, at: lastBeatOf(node) }));
    return silent
      .sort((one, two) => one.at - two.at || compareNames(one.node, two.node))
      .map(({ node }) => node);
  }

  /** Returns whether the customer, or anything below it, is shown. */
  addCustomer(node: Customer, depth: number, isAboveFound = false): boolean {
    if (this.#isHidden(node.light)) return false;
    const isFound = isAboveFound || this.#matches(`${node.slug} ${node.name}`);
    const at = this.#push(node, depth);
    const isOpen = this.#isOpen(node, isFound);
    let isShown = isFound;
    if (isOpen || !isFound) {
      for (const below of this.sort(node.customers)) {
        if (this.addCustomer(below, depth + 1, isFound)) isShown = true;
      }
      for (const machine of this.sort(node.machines.values())) {
        if (this.#addMachine(machine, depth + 1, isFound)) isShown = true;
      }
    }
    return this.#keep(at, isShown, isOpen);
  }

  #addMachine(node: Machine, depth: number, isAboveFound: boolean): boolean {
    if (this.#isHidden(node.light)) return false;
    const isFound = isAboveFound || this.#matches(keyOfNode(node));
    const at = this.#push(node, depth);
    const isOpen = this.#isOpen(node, isFound);
    let isShown = isFound;
    if (isOpen || !isFound) {
      for (const instance of this.sort(node.software)) {
        if (this.#addSoftware(instance, depth + 1, isFound)) isShown = true;
      }
    }
    return this.#keep(at, isShown, isOpen);
  }

  #addSoftware(node: Software, depth: number, isAboveFound: boolean): boolean {
    if (this.#isHidden(node.light)) return false;
    if (!isAboveFound && !this.#matches(keyOfNode(node))) return false;
    this.#push(node, depth);
    return true;
  }

  #isHidden(light: Light): boolean {
    return this.#view.onlyRed && light !== 'red';
  }

  #matches(text: string): boolean {
    return this.#wanted === '' || text.toLowerCase().includes(this.#wanted);
  }

  /** A node that does not match itself is shown for what is below it, and so it is open. */
  #isOpen(node: FleetNode, isFound: boolean): boolean {
    if (!isFound) return true;
    const isToggled = this.#toggled.has(keyOfNode(node));
    return isToggled !== this.#isOpenByDefault(node);
  }

  /** A machine says of its only instance all that there is to say. */
  #isOpenByDefault(node: FleetNode): boolean {
    return this.#view.onlyRed && !(node.kind === 'machine' && node.software.length === 1);
  }

  #push(node: FleetNode, depth: number): number {
    this.lines.push({ node, depth, isExpanded: false });
    return this.lines.length - 1;
  }

  #keep(at: number, isShown: boolean, isOpen: boolean): boolean {
    const line = this.lines[at];
    if (!isShown) this.lines.length = at;
    else if (line) line.isExpanded = isOpen;
    return isShown;
  }
}

function compareWorst(one: FleetNode, two: FleetNode): number {
  return compareLights(one.light, two.light) || compareNames(one, two);
}

function compareNames(one: FleetNode, two: FleetNode): number {
  const [first, second] = [nameNode(one), nameNode(two)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Returns the last heartbeat of anything at or below a node, epoch ms; 0 where there was none. */
export function lastBeatOf(node: FleetNode): number {
  if (node.kind === 'software') return node.state.last_beat_at ?? 0;
  let last = 0;
  const below =
    node.kind === 'machine' ? [node.software] : [node.customers, node.machines.values()];
  for (const nodes of below) for (const each of nodes) last = Math.max(last, lastBeatOf(each));
  return last;
}
