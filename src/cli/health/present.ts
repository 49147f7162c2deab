import type {
  CustomerNode,
  FleetNode,
  HealthNode,
  MachineNode,
  SoftwareNode,
} from '../../domain/health/fleet.ts';
import type { Health, HealthReason } from '../../domain/health/judge.ts';
import { explainNode } from '../../domain/health/reasons.ts';
import { isWatched, type Watch } from '../../domain/health/watch.ts';
import { formatInstant } from '../../domain/instant.ts';
import type {
  CustomerNodeJson,
  FleetNodeJson,
  HealthJson,
  HealthReasonJson,
  MachineNodeJson,
  SoftwareNodeJson,
} from '../schemas/health.ts';
import { toInstant } from '../time.ts';

/** Returns a light and its reasons as the JSON of lists and pages shows them. */
export function toHealthJson({ light, reasons }: Health) {
  return { health: light, reasons: reasons.map(toReasonJson) };
}

/** Returns the tree below a node as JSON shows it, and by whose eyes it is seen. */
export function toTreeJson(node: HealthNode, watch: Watch): HealthJson {
  return {
    ...toNodeJson(node, watch),
    at: formatInstant(watch.nowMs),
    server_running: isWatched(watch),
    watched_until: toInstant(watch.watchedUntilMs),
  };
}

function toNodeJson(node: HealthNode, watch: Watch) {
  if (node.kind === 'fleet') return toFleetJson(node, watch);
  if (node.kind === 'customer') return toCustomerJson(node, watch);
  return node.kind === 'machine' ? toMachineJson(node, watch) : toSoftwareJson(node, watch);
}

function toFleetJson(node: FleetNode, watch: Watch): FleetNodeJson {
  return {
    ...{ name: 'fleet', kind: 'fleet' },
    ...judge(node, watch),
    machines: node.counts,
    children: node.customers.map((each) => toCustomerJson(each, watch)),
  };
}

function toCustomerJson(node: CustomerNode, watch: Watch): CustomerNodeJson {
  const customers = node.customers.map((each) => toCustomerJson(each, watch));
  const machines = [...node.machines.values()].map((each) => toMachineJson(each, watch));
  return {
    ...{ name: node.slug, kind: 'customer' },
    ...judge(node, watch),
    machines: node.counts,
    children: [...customers, ...machines],
  };
}

function toMachineJson(node: MachineNode, watch: Watch): MachineNodeJson {
  return {
    ...{ name: node.machine, kind: 'machine' },
    ...judge(node, watch),
    children: [...node.software.values()].map((each) => toSoftwareJson(each, watch)),
  };
}

function toSoftwareJson(node: SoftwareNode, watch: Watch): SoftwareNodeJson {
  return {
    ...{ name: node.state.software, kind: 'software' },
    ...judge(node, watch),
    last_heartbeat_at: toInstant(node.state.last_beat_at),
    children: [],
  };
}

function judge(node: HealthNode, watch: Watch) {
  return toHealthJson({ light: node.light, reasons: explainNode(node, watch) });
}

function toReasonJson({ code, text, since }: HealthReason): HealthReasonJson {
  return { code, text, since: toInstant(since) };
}
