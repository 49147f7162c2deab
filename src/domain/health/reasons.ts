/** Why a machine or a customer shows its light: what stands below it, in words. */
import { countNoun } from '../text/count.ts';
import type { CustomerNode, HealthNode, MachineNode } from './fleet.ts';
import { type HealthReason, judgeHealth } from './judge.ts';
import { LIGHTS, type LightCounts, sumLights } from './light.ts';
import type { Watch } from './watch.ts';

/** Returns the reasons of a node, of whichever kind; none for green. */
export function explainNode(node: HealthNode, watch: Watch): HealthReason[] {
  if (node.light === 'green') return [];
  if (node.kind === 'software') return judgeHealth(node.state, watch).reasons;
  return node.kind === 'machine' ? explainMachine(node, watch) : explainCounts(node);
}

/** Those of the instances that show its light. */
function explainMachine({ light, software }: MachineNode, watch: Watch): HealthReason[] {
  const worst = software.filter((node) => node.light === light);
  return worst.flatMap(({ state }) =>
    nameReasons(state.software, judgeHealth(state, watch).reasons),
  );
}

/** Returns the reasons of an instance as those of its machine, which name it. */
export function nameReasons<Reason extends { text: string }>(
  name: string,
  reasons: readonly Reason[],
): Reason[] {
  return reasons.map((reason) => ({ ...reason, text: `${name}: ${reason.text}` }));
}

/** How many machines show the light, and the others that are not green. */
function explainCounts({ counts }: Pick<CustomerNode, 'counts'>): HealthReason[] {
  const total = sumLights(counts);
  if (total === 0)
    return [{ code: 'no_machines', text: 'no machine has reported yet', since: null }];
  const text = `${describeCounts(counts)} of ${countNoun(total, 'machine')}`;
  return [{ code: 'machines', text, since: null }];
}

/** Returns how many show a light that is not green, such as `2 red, 1 yellow`. */
export function describeCounts(counts: LightCounts): string {
  return describeLights({ ...counts, green: 0 });
}

/** Returns how many show each light, such as `2 red, 5 green`. */
export function describeLights(counts: LightCounts): string {
  return LIGHTS.filter((light) => counts[light] > 0)
    .map((light) => `${counts[light]} ${light}`)
    .join(', ');
}
