/** First contact: machines and instances come into being with their first message, within bounds. */
import type { Transaction } from 'kysely';
import type { Credential } from '../db/credentials.ts';
import { readMachines } from '../db/ingest-rows.ts';
import { addMachines } from '../db/machine-counts.ts';
import type { Database, Instance, Machine } from '../db/schema.ts';
import { type Refusal, refuse } from './outcome.ts';
import type { IngestLimits } from './request.ts';
import { createInstance, type Path } from './transitions/state.ts';

/** The first message of a path that has no instance yet. */
export interface Newcomer {
  path: Path;
  credential: Credential;
  receivedAtMs: number;
}

export interface Registration {
  instances: Instance[];
  /** Machines that are new or have more instances than before. */
  machines: Machine[];
  /** By `customer/machine/software`: why a path could not be registered. */
  refusals: Map<string, Refusal>;
}

/** Registers the newcomers in their order; the caller has locked their customers' machine counts. */
export async function registerNewcomers(
  trx: Transaction<Database>,
  newcomers: readonly Newcomer[],
  { counts, limits }: { counts: ReadonlyMap<string, number>; limits: IngestLimits },
): Promise<Registration> {
  const known = await readMachines(
    trx,
    newcomers.map(({ path }) => path),
  );
  const desk = new Desk(known, counts, limits);
  for (const newcomer of newcomers) desk.admit(newcomer);
  for (const [customer, added] of desk.added) await addMachines(trx, customer, added);
  return desk.finish();
}

/** A path in one text, as it stands in URLs. */
export function pathKey({ customer, machine, software }: Path): string {
  return `${customer}/${machine}/${software}`;
}

/** One batch's registrations. */
class Desk {
  readonly added = new Map<string, number>();
  readonly #machines = new Map<string, Machine>();
  readonly #changed = new Set<string>();
  readonly #instances: Instance[] = [];
  readonly #refusals = new Map<string, Refusal>();
  readonly #counts: ReadonlyMap<string, number>;
  readonly #limits: IngestLimits;

  constructor(
    known: readonly Machine[],
    counts: ReadonlyMap<string, number>,
    limits: IngestLimits,
  ) {
    for (const machine of known) this.#machines.set(machineKey(machine), machine);
    this.#counts = counts;
    this.#limits = limits;
  }

  admit(newcomer: Newcomer): void {
    const key = machineKey(newcomer.path);
    const machine = this.#machines.get(key) ?? this.#createMachine(newcomer);
    if (machine === null) return;
    if (machine.instances >= this.#limits.instancesPerMachine) {
      this.#refuse(newcomer, refuseInstance(newcomer, this.#limits));
      return;
    }
    this.#machines.set(key, { ...machine, instances: machine.instances + 1 });
    this.#changed.add(key);
    const { path, credential, receivedAtMs } = newcomer;
    this.#instances.push({
      ...createInstance(path, { receivedAtMs, tokenId: credential.token_id }),
      machine_overdue_after_ms: machine.overdue_after_ms,
    });
  }

  finish(): Registration {
    const machines = [...this.#changed].map((key) => this.#machines.get(key) as Machine);
    return { instances: this.#instances, machines, refusals: this.#refusals };
  }

  #createMachine(newcomer: Newcomer): Machine | null {
    const { customer, machine } = newcomer.path;
    const limit = newcomer.credential.machine_limit ?? this.#limits.machinesPerCustomer;
    const added = this.added.get(customer) ?? 0;
    if ((this.#counts.get(customer) ?? 0) + added >= limit) {
      this.#refuse(newcomer, refuseMachine(newcomer, limit));
      return null;
    }
    this.added.set(customer, added + 1);
    const firstSeenAt = newcomer.receivedAtMs;
    return { customer, machine, first_seen_at: firstSeenAt, overdue_after_ms: null, instances: 0 };
  }

  #refuse({ path, credential }: Newcomer, refusal: Refusal): void {
    const known = { tokenId: credential.token_id, tokenCustomer: credential.customer };
    this.#refusals.set(pathKey(path), { ...refusal, ...known });
  }
}

function machineKey({ customer, machine }: Pick<Path, 'customer' | 'machine'>): string {
  return `${customer}/${machine}`;
}

function refuseMachine({ path }: Newcomer, limit: number): Refusal {
  const detail = `The customer has its ${limit} machines; ${path.machine} is not one of them.`;
  return refuse('machine_limit_reached', detail);
}

function refuseInstance({ path }: Newcomer, { instancesPerMachine }: IngestLimits): Refusal {
  const detail = `The machine ${path.machine} has its ${instancesPerMachine} instances; ${path.software} is not one of them.`;
  return refuse('instance_limit_reached', detail);
}
