/** Which devices there are, and who of them behaves how: the same for the same number of machines. */
import { createRandom, type Random, shuffle } from './random.ts';
import { type Behaviour, HEALTHY, TROUBLED } from './scenario/behaviours.ts';
import { CUSTOMERS, type DemoCustomer } from './scenario/customers.ts';
import type { MachineKind, Trade, Trouble } from './scenario/trades.ts';

export interface DevicePath {
  customer: string;
  machine: string;
  software: string;
}

/** Something that sends on a path; a second sender on it is another device. */
export interface Device {
  path: DevicePath;
  behaviour: Behaviour;
  trade: Trade;
  error: Trouble;
  warning: Trouble;
  hostname: string;
  ips: readonly string[];
  os: string;
  /** Major and minor; the patch level rises with each upgrade. */
  version: string;
  /** The machine that forwards its messages; null where it sends them itself. */
  gateway: string | null;
  /** When in the interval between two heartbeats it beats: 0 to 1, the same for all behind a gateway. */
  turn: number;
  /** Of all that is up to chance in its life. */
  seed: number;
}

const SEED = 20_480;

const GATEWAY: MachineKind = {
  name: 'gateway',
  software: ['forwarder'],
  os: 'Debian GNU/Linux 12',
};
const STEADY = HEALTHY[0] as Behaviour;

/** Returns the devices of a fleet of so many machines, besides its gateways. */
export function planFleet(machines: number): Device[] {
  const random = createRandom(SEED);
  const behaviours = shuffle(chooseBehaviours(machines), random);
  let taken = 0;
  return CUSTOMERS.flatMap((customer, index) => {
    const isLast = index === CUSTOMERS.length - 1;
    const count = isLast ? machines - taken : Math.round(machines * customer.share);
    const own = behaviours.slice(taken, taken + count);
    taken += count;
    return planCustomer(customer, own, random);
  });
}

/** Returns one behaviour a machine: of the troubled ones each at least once, and healthy ones for the rest. */
function chooseBehaviours(machines: number): Behaviour[] {
  const troubled = TROUBLED.flatMap((behaviour) =>
    Array.from({ length: Math.max(1, Math.round(machines * behaviour.share)) }, () => behaviour),
  );
  const healthy = Array.from({ length: machines - troubled.length }, (_, index) =>
    pickHealthy(index / (machines - troubled.length)),
  );
  return [...troubled, ...healthy];
}

function pickHealthy(part: number): Behaviour {
  let rest = part;
  for (const behaviour of HEALTHY) {
    if (rest < behaviour.share) return behaviour;
    rest -= behaviour.share;
  }
  return STEADY;
}

function planCustomer(
  customer: DemoCustomer,
  behaviours: readonly Behaviour[],
  random: Random,
): Device[] {
  const numbers = new Map<string, number>();
  const name = (kind: MachineKind) => {
    const number = (numbers.get(kind.name) ?? 0) + 1;
    numbers.set(kind.name, number);
    return `${kind.name}-${String(number).padStart(2, '0')}`;
  };
  const { trade, behindGateway } = customer;
  let gateway: Device | null = null;
  return behaviours.flatMap((behaviour, index) => {
    const devices: Device[] = [];
    if (behindGateway > 0 && index % behindGateway === 0) {
      const machine = { customer, kind: GATEWAY, machine: name(GATEWAY), behaviour: STEADY };
      [gateway = null] = planMachine({ ...machine, gateway: null }, random);
      if (gateway) devices.push(gateway);
    }
    const kind = random.pick(trade.machines);
    const machine = { customer, kind, machine: name(kind), behaviour, gateway };
    return [...devices, ...planMachine(machine, random)];
  });
}

interface MachinePlan {
  customer: DemoCustomer;
  kind: MachineKind;
  machine: string;
  behaviour: Behaviour;
  gateway: Device | null;
}

function planMachine(plan: MachinePlan, random: Random): Device[] {
  const { kind, behaviour } = plan;
  // Who was never accepted is alone; of the others it is chance how much runs on the machine.
  const count = behaviour.past.length === 0 ? 1 : random.whole(1, kind.software.length);
  const turn = random.between(0.05, 0.95);
  return kind.software.slice(0, count).flatMap((software, index) => {
    const isOwn = index === 0 || behaviour.isOfMachine === true;
    const each = { ...plan, behaviour: isOwn ? behaviour : STEADY, software, turn };
    const senders = Array.from({ length: each.behaviour.senders ?? 1 });
    return senders.map((_, sender) => planDevice({ ...each, sender }, random));
  });
}

function planDevice(
  plan: MachinePlan & { software: string; turn: number; sender: number },
  random: Random,
): Device {
  const { customer, machine, software, behaviour, kind, sender } = plan;
  const { trade } = customer;
  // A refused device speaks for itself: its gateway would be refused with it.
  const gateway = behaviour.fault ? null : plan.gateway;
  return {
    path: { customer: customer.slug, machine, software },
    behaviour,
    trade,
    error: random.pick(trade.errors),
    warning: random.pick(trade.warnings),
    hostname: sender === 0 ? machine : `${machine}-clone`,
    ips: [`10.${20 + CUSTOMERS.indexOf(customer)}.${random.whole(0, 9)}.${random.whole(10, 250)}`],
    os: kind.os,
    version: `${random.whole(1, 4)}.${random.whole(0, 9)}`,
    gateway: gateway?.path.machine ?? null,
    turn: gateway?.turn ?? chooseTurn(plan, random),
    seed: random.whole(0, 2 ** 31),
  };
}

/** Who is refused speaks up in the first seconds, so that the rejection log has something to show. */
function chooseTurn(
  { behaviour, turn, sender }: { behaviour: Behaviour; turn: number; sender: number },
  random: Random,
): number {
  if (behaviour.fault) return random.between(0.85, 0.98);
  return sender === 0 ? turn : 1 - turn;
}
