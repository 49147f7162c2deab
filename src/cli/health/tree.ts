/** The fleet as a tree for people: the worst first, and of what is green only how many there are. */
import { countNoun } from '../../domain/count.ts';
import {
  type CustomerNode,
  type FleetNode,
  type HealthNode,
  listChildren,
  nameNode,
  type SoftwareNode,
} from '../../domain/health/fleet.ts';
import { compareLights, countNoLights, LIGHTS, sumLights } from '../../domain/health/light.ts';
import { describeCounts, explainNode } from '../../domain/health/reasons.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { paint } from '../colour.ts';
import { formatSince } from '../time.ts';
import { formatReason, renderLight } from './light.ts';

export interface TreeOptions {
  watch: Watch;
  /** Also what is green, and however many there are. */
  isAll: boolean;
}

/** More machines of one customer than anybody reads: the list of machines has them all. */
const MOST_MACHINES = 20;

const NOUNS: Readonly<Record<HealthNode['kind'], string>> = {
  fleet: 'fleet',
  customer: 'customer',
  machine: 'machine',
  software: 'instance',
};

/** Returns the tree below a node, one line a node, and below an instance one for each reason. */
export function renderTree(node: HealthNode, options: TreeOptions): string {
  return listLines(node, options, 0).join('\n');
}

function listLines(node: HealthNode, options: TreeOptions, depth: number): string[] {
  const { shown, hidden } = selectChildren(node, options);
  return [
    indent(depth, [renderLight(node.light), nameNode(node), describeNode(node, options)]),
    ...listReasons(node, options, depth + 1),
    ...shown.flatMap((child) => listLines(child, options, depth + 1)),
    ...summarizeHidden(hidden, { depth: depth + 1, isRest: shown.length > 0 }),
  ];
}

function selectChildren(node: HealthNode, { isAll }: TreeOptions) {
  const children = listChildren(node).toSorted((one, two) => compareLights(one.light, two.light));
  const shown: HealthNode[] = [];
  const hidden: HealthNode[] = [];
  let machines = 0;
  for (const child of children) {
    if (child.kind === 'machine') machines += 1;
    const isShown = isAll || (child.light !== 'green' && machines <= MOST_MACHINES);
    (isShown ? shown : hidden).push(child);
  }
  return { shown, hidden };
}

function describeNode(node: HealthNode, { watch }: TreeOptions): string {
  if (node.kind === 'machine') return '';
  return node.kind === 'software' ? describeBeat(node, watch) : describeMachines(node);
}

function describeMachines({ counts }: FleetNode | CustomerNode): string {
  const machines = countNoun(sumLights(counts), 'machine');
  const others = describeCounts(counts);
  return others === '' ? machines : `${others} of ${machines}`;
}

function describeBeat({ state: { last_beat_at } }: SoftwareNode, { nowMs }: Watch): string {
  return last_beat_at === null ? '' : `last heartbeat ${formatSince(last_beat_at, nowMs)}`;
}

/** Those of machines and customers are told by what stands below them. */
function listReasons(node: HealthNode, { watch }: TreeOptions, depth: number): string[] {
  if (node.kind !== 'software') return [];
  return explainNode(node, watch).map((reason) =>
    indent(depth, [formatReason(reason, watch.nowMs)]),
  );
}

function summarizeHidden(
  hidden: readonly HealthNode[],
  { depth, isRest }: { depth: number; isRest: boolean },
): string[] {
  return [...Map.groupBy(hidden, ({ kind }) => kind)].map(([kind, nodes]) => {
    const counts = countNoLights();
    for (const { light } of nodes) counts[light] += 1;
    const lights = LIGHTS.filter((light) => counts[light] > 0);
    const told = lights.map((light) => `${counts[light]} ${light}`).join(', ');
    const which = countNoun(nodes.length, isRest ? `more ${NOUNS[kind]}` : NOUNS[kind]);
    return indent(depth, [paint('dim', `${which}: ${told}`)]);
  });
}

function indent(depth: number, parts: readonly string[]): string {
  return `${'  '.repeat(depth)}${parts.filter((part) => part !== '').join('  ')}`;
}
