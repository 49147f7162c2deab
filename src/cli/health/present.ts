import {
  type CustomerNode,
  type FleetNode,
  type HealthNode,
  type MachineNode,
  nameNode,
  type SoftwareNode,
} from '../../domain/health/fleet.ts';
import type { Health, HealthReason } from '../../domain/health/judge.ts';
import { explainNode, nameReasons } from '../../domain/health/reasons.ts';
import { isWatched, type Watch } from '../../domain/health/watch.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import { encodeJson, escapeControls } from '../output.ts';
import type {
  GroupJson,
  HealthReasonJson,
  MachineNodeJson,
  ObserverJson,
  SoftwareNodeJson,
} from '../schemas/health.ts';
import { toInstant } from '../time.ts';

/** Returns a light and its reasons as the JSON of lists and pages shows them. */
export function toHealthJson({ light, reasons }: Health) {
  return { health: light, reasons: toReasonsJson(reasons) };
}

/**
 * Yields the tree below a node as JSON text, a line for each machine and each customer. In pieces,
 * because the objects of a whole large fleet take longer to clean up than to write.
 */
export function* encodeTree(node: HealthNode, watch: Watch): Generator<string> {
  yield* encodeNode(node, watch, {
    at: formatInstant(watch.nowMs),
    server_running: isWatched(watch),
    watched_until: toInstant(watch.watchedUntilMs),
  });
}

function* encodeNode(node: HealthNode, watch: Watch, observer?: ObserverJson): Generator<string> {
  if (node.kind === 'software') yield encodeJson({ ...toSoftwareJson(node, watch), ...observer });
  else if (node.kind === 'machine')
    yield encodeJson({ ...toMachineJson(node, watch), ...observer });
  else {
    yield `${encodeJson({ ...toGroupJson(node, watch), ...observer }).slice(0, -1)},"children":[`;
    yield* encodeCustomers(node.customers, watch);
    if (node.kind === 'customer') yield encodeMachines(node, watch);
    yield ']}';
  }
}

function* encodeCustomers(customers: readonly CustomerNode[], watch: Watch): Generator<string> {
  for (const [index, customer] of customers.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* encodeNode(customer, watch);
  }
}

function encodeMachines({ customers, machines }: CustomerNode, watch: Watch): string {
  const lines = [...machines.values()].map((each) => JSON.stringify(toMachineJson(each, watch)));
  if (lines.length === 0) return '';
  return escapeControls(`${customers.length > 0 ? ',' : ''}\n${lines.join(',\n')}`);
}

/** What is said of a customer, or of all of them, besides what stands below. */
function toGroupJson(node: FleetNode | CustomerNode, watch: Watch): GroupJson {
  const { kind, light, counts } = node;
  const reasons = toReasonsJson(explainNode(node, watch));
  return { name: nameNode(node), kind, health: light, reasons, machines: counts };
}

/** Its reasons are those of the instances once more: to find and write them again is a third of all. */
function toMachineJson({ machine, light, software }: MachineNode, watch: Watch): MachineNodeJson {
  const children = software.map((each) => toSoftwareJson(each, watch));
  const worst = children.filter(({ health }) => health === light);
  const reasons = worst.flatMap((each) => nameReasons(each.name, each.reasons));
  return { name: machine, kind: 'machine', health: light, reasons, children };
}

function toSoftwareJson(node: SoftwareNode, watch: Watch): SoftwareNodeJson {
  const { light, state } = node;
  return {
    name: state.software,
    kind: 'software',
    health: light,
    reasons: toReasonsJson(explainNode(node, watch)),
    last_heartbeat_at: toInstant(state.last_beat_at),
    children: [],
  };
}

function toReasonsJson(reasons: readonly HealthReason[]): HealthReasonJson[] {
  return reasons.map(({ code, text, since }) => ({ code, text, since: toInstant(since) }));
}
