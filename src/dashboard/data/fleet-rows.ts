import { nameNode } from '../../domain/health/fleet.ts';
import { LIGHTS } from '../../domain/health/light.ts';
import { explainNode } from '../../domain/health/reasons.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { countNoun } from '../../domain/text/count.ts';
import {
  type FleetLine,
  type FleetNode,
  keyOfLine,
  keyOfNode,
  lastBeatOf,
  type NodeLine,
  type RestLine,
} from './lines.ts';
import type { FleetRow } from './requests.ts';

/** Returns a line of the tree with everything that is shown of it. */
export function showLine(line: FleetLine, watch: Watch): FleetRow {
  return line.kind === 'node' ? showNode(line, watch) : showRest(line);
}

function showNode({ node, depth, openness }: NodeLine, watch: Watch): FleetRow {
  return {
    key: keyOfNode(node),
    kind: node.kind,
    name: nameNode(node),
    title: node.kind === 'customer' ? node.name : null,
    depth,
    openness: hasChildren(node) ? openness : null,
    light: node.light,
    reasons: explainNode(node, watch),
    lastBeatAtMs: lastBeatOf(node),
    version: findVersion(node),
    instance: findInstance(node),
  };
}

function showRest(line: RestLine): FleetRow {
  const { machines, customers, depth } = line;
  const lights = LIGHTS.filter((light) => machines[light] > 0);
  const parts = [
    ...lights.map((light) => `${machines[light]} ${light}`),
    ...(customers > 0 ? [countNoun(customers, 'customer')] : []),
  ];
  return {
    ...{ key: keyOfLine(line), kind: 'rest', name: `… ${parts.join(', ')} more`, depth },
    ...{ title: null, openness: null, light: null, reasons: [], lastBeatAtMs: null },
    ...{ version: null, instance: null },
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
