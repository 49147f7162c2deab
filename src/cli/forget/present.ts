import type { ForgetRequest, Forgotten } from '../../db/forget/forget.ts';
import type { ForgetLevel, ForgetTarget } from '../../db/forget/targets.ts';
import { countNoun } from '../../domain/text/count.ts';
import { pathOf } from '../software/present.ts';
import { formatWhen } from '../time.ts';

/** Returns what would be gone with the targets: their instances, and the machines that lose their last. */
export function foresee(level: ForgetLevel, targets: readonly ForgetTarget[]): Forgotten {
  if (level === 'machine') return { machines: [...targets], software: [] };
  const machines = [...Map.groupBy(targets, machineOf).values()].flatMap((group) =>
    group.length === group[0]?.instances ? [group[0]] : [],
  );
  return {
    machines,
    software: targets.map(({ customer, machine, software = '' }) => ({
      customer,
      machine,
      software,
    })),
  };
}

/** Returns the question of a severe action, with what goes away. */
export function askToForget(
  { level, targets, unseenSinceMs }: ForgetRequest,
  nowMs: number,
): string {
  const what = level === 'machine' ? describeMachines(targets) : describeSoftware(targets);
  const since =
    unseenSinceMs === undefined ? '' : `, not seen since ${formatWhen(unseenSinceMs, nowMs)}`;
  return `Forget ${what}, with state and history${since}?`;
}

/** Returns the lines about what is gone, or would be: one a machine or instance. */
export function renderForgotten(
  level: ForgetLevel,
  { machines, software }: Forgotten,
  verb: string,
): string {
  const lines =
    level === 'machine'
      ? machines.map((each) => `${machineOf(each)} (${countNoun(each.instances, 'instance')})`)
      : [
          ...software.map((each) => pathOf(each)),
          ...machines.map((each) => `${machineOf(each)} (its last software)`),
        ];
  return lines.map((line) => `${verb} ${line}`).join('\n');
}

function describeMachines(targets: readonly ForgetTarget[]): string {
  const [first, ...others] = targets;
  const instances = targets.reduce((sum, target) => sum + target.instances, 0);
  const name =
    first && others.length === 0 ? machineOf(first) : countNoun(targets.length, 'machine');
  return `${name} with ${countNoun(instances, 'software instance')}`;
}

function describeSoftware(targets: readonly ForgetTarget[]): string {
  const { machines, software } = foresee('software', targets);
  const [first, ...others] = software;
  const isOne = first && others.length === 0;
  const name = isOne ? pathOf(first) : countNoun(software.length, 'software instance');
  if (machines.length === 0) return name;
  return `${name} and ${countNoun(machines.length, 'machine')} that will have no software left`;
}

function machineOf({ customer, machine }: { customer: string; machine: string }): string {
  return `${customer}/${machine}`;
}
