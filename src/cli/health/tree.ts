/** The fleet as a tree for people: the worst first, and of what is green only how many there are. */

import {
  type HealthNode,
  listChildren,
  nameNode,
  type SoftwareNode,
} from '../../domain/health/fleet.ts';
import { compareLights, countNoLights, sumLights } from '../../domain/health/light.ts';
import { describeLights, explainNode } from '../../domain/health/reasons.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { countNoun } from '../../domain/text/count.ts';
import { paint } from '../colour.ts';
import { formatSince } from '../time.ts';
import { formatReason, renderLight } from './light.ts';

export interface TreeOptions {
  watch: Watch;
  /** Also what is green, and however many there are. */
  isAll: boolean;
}

/** More machines of one customer than anybody reads: the list of machines has them all. */
const MOST_MACHINES = 10;

/** Indented this much further, a reason stands below the name. */
const TO_NAME = 5;

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
    ...describeNode(node, options, depth),
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

function describeNode(node: HealthNode, { watch }: TreeOptions, depth: number): string[] {
  const head = [renderLight(node.light), nameNode(node)];
  if (node.kind === 'machine') return [indent(depth, head)];
  const reasons = explainNode(node, watch);
  if (node.kind !== 'software') {
    const machines = countNoun(sumLights(node.counts), 'machine');
    return [indent(depth, [...head, reasons[0]?.text ?? machines])];
  }
  // That it is overdue says when the last heartbeat came, and how long ago that was.
  const isOverdue = reasons.some(({ code }) => code === 'overdue');
  return [
    indent(depth, isOverdue ? head : [...head, describeBeat(node, watch)]),
    ...reasons.map((reason) => indent(depth + TO_NAME, [formatReason(reason, watch.nowMs)])),
  ];
}

function describeBeat({ state: { last_beat_at } }: SoftwareNode, { nowMs }: Watch): string {
  return last_beat_at === null ? '' : `last heartbeat ${formatSince(last_beat_at, nowMs)}`;
}

function summarizeHidden(
  hidden: readonly HealthNode[],
  { depth, isRest }: { depth: number; isRest: boolean },
): string[] {
  return [...Map.groupBy(hidden, ({ kind }) => kind)].map(([kind, nodes]) => {
    const counts = countNoLights();
    for (const { light } of nodes) counts[light] += 1;
    const which = countNoun(nodes.length, isRest ? `more ${NOUNS[kind]}` : NOUNS[kind]);
    return indent(depth, [paint('dim', `${which}: ${describeLights(counts)}`)]);
  });
}

function indent(depth: number, parts: readonly string[]): string {
  return `${'  '.repeat(depth)}${parts.filter((part) => part !== '').join('  ')}`;
}
