/** First contact: machines and instances come into being with their first accepted message, within bounds. */
import type { Transaction } from 'kysely';
import { addMachines } from '../db/ingest/machine-counts.ts';
import { readMachines } from '../db/ingest/rows.ts';
import type { Database, Instance, Machine } from '../db/schema.ts';
import type { Credential } from '../db/tokens/credentials.ts';
import { countNoun } from '../domain/text/count.ts';
import { type Refusal, refuse } from './outcome.ts';
import type { IngestLimits } from './request.ts';
import { createInstance, type Path } from './transitions/state.ts';

/** The sender of a message whose path has no instance yet. */
export interface Newcomer {
  path: Path;
  credential: Credential;
  receivedAtMs: number;
}

interface DeskOptions {
  /** How many machines each customer has; the rows are locked. */
  counts: ReadonlyMap<string, number>;
  limits: IngestLimits;
}

/** One batch's registrations. */
export class RegistrationDesk {
  readonly #machines = new Map<string, Machine>();
  readonly #added = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #options: DeskOptions;

  private constructor(known: readonly Machine[], options: DeskOptions) {
    for (const machine of known) this.#machines.set(machineKey(machine), machine);
    this.#options = options;
  }

  /** A desk that knows the machines of these paths. */
  static async open(
    trx: Transaction<Database>,
    paths: readonly Path[],
    options: DeskOptions,
  ): Promise<RegistrationDesk> {
    return new RegistrationDesk(await readMachines(trx, paths), options);
  }

  /** The instance as which a newcomer would be registered, or why it can't be. */
  judge({ path, credential, receivedAtMs }: Newcomer): Instance | Refusal {
    const machine = this.#machines.get(machineKey(path));
    const { limits } = this.#options;
    if (!machine && this.#countMachines(path.customer) >= limitMachines(credential, limits)) {
      const machines = this.#countMachines(path.customer);
      return refuseMachine({ path, machines }, credential, limits);
    }
    if (machine && machine.instances >= limits.instancesPerMachine) {
      return refuseInstance({ path, instances: machine.instances }, credential, limits);
    }
    const tokenId = credential.token_id;
    const instance = createInstance(path, { receivedAtMs, tokenId });
    return { ...instance, machine_overdue_after_ms: machine?.overdue_after_ms ?? null };
  }

  /** Notes that the first message of an instance was accepted. */
  register(instance: Instance): void {
    const key = machineKey(instance);
    const machine = this.#machines.get(key) ?? this.#addMachine(instance);
    this.#machines.set(key, { ...machine, instances: machine.instances + 1 });
    this.#changed.add(key);
  }

  /** Writes the counts, and returns the machines that are new or have more instances than before. */
  async save(trx: Transaction<Database>): Promise<Machine[]> {
    for (const [customer, added] of this.#added) await addMachines(trx, customer, added);
    return [...this.#changed].map((key) => this.#machines.get(key) as Machine);
  }

  #addMachine({ customer, machine, first_seen_at }: Instance): Machine {
    this.#added.set(customer, (this.#added.get(customer) ?? 0) + 1);
    return { customer, machine, first_seen_at, overdue_after_ms: null, instances: 0 };
  }

  #countMachines(customer: string): number {
    return (this.#options.counts.get(customer) ?? 0) + (this.#added.get(customer) ?? 0);
  }
}

function machineKey({ customer, machine }: Pick<Path, 'customer' | 'machine'>): string {
  return `${customer}/${machine}`;
}

function limitMachines({ machine_limit }: Credential, limits: IngestLimits): number {
  return machine_limit ?? limits.machinesPerCustomer;
}

function refuseMachine(
  { path, machines }: { path: Path; machines: number },
  credential: Credential,
  limits: IngestLimits,
): Refusal {
  const limit = limitMachines(credential, limits);
  const detail = `The customer has ${countNoun(machines, 'machine')} and may have ${limit}; ${path.machine} is not one of them.`;
  return refuse('machine_limit_reached', detail, knowToken(credential));
}

function refuseInstance(
  { path, instances }: { path: Path; instances: number },
  credential: Credential,
  limits: IngestLimits,
): Refusal {
  const { instancesPerMachine } = limits;
  const detail = `The machine ${path.machine} has ${countNoun(instances, 'instance')} and may have ${instancesPerMachine}; ${path.software} is not one of them.`;
  return refuse('instance_limit_reached', detail, knowToken(credential));
}

function knowToken({ token_id, customer }: Credential) {
  return { tokenId: token_id, tokenCustomer: customer };
}
