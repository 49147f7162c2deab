import { nameNode } from '../../domain/health/fleet.ts';
import { explainNode } from '../../domain/health/reasons.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { type FleetLine, type FleetNode, keyOfNode, lastBeatOf } from './lines.ts';
import type { FleetRow } from './requests.ts';

/** Returns a line of the tree with everything that is shown of it. */
export function showLine({ node, depth, isExpanded }: FleetLine, watch: Watch): FleetRow {
  return {
    key: keyOfNode(node),
    kind: node.kind,
    name: nameNode(node),
    title: node.kind === 'customer' ? node.name : null,
    depth,
    isExpanded: hasChildren(node) ? isExpanded : null,
    light: node.light,
    reasons: explainNode(node, watch),
    counts: node.kind === 'customer' ? node.counts : null,
    lastBeatAtMs: lastBeatOf(node) || null,
    version: findVersion(node),
    instance: findInstance(node),
  };
}

function hasChildren(node: FleetNode): boolean {
  if (node.kind === 'customer') return node.machines.size + node.customers.length > 0;
  return node.kind === 'machine';
}

/** Of a machine only where all its instances have the same. */
function findVersion(node: FleetNode): string | null {
  if (node.kind === 'software') return node.state.version;
  if (node.kind === 'customer') return null;
  const versions = new Set(node.software.map(({ state }) => state.version));
  const [version = null] = versions;
  return versions.size === 1 ? version : null;
}

function findInstance(node: FleetNode): string | null {
  if (node.kind === 'software') return keyOfNode(node);
  if (node.kind === 'customer' || node.software.length !== 1) return null;
  const [only] = node.software;
  return only ? keyOfNode(only) : null;
}
