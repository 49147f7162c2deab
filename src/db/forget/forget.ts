/**
 * Forgetting machines and software: state, overrides and history go, and their places within the
 * limits are free again. It is no ban: the next message registers anew.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { formatInstant } from '../../domain/time/instant.ts';
import { appendAudit } from '../audit.ts';
import { deleteByKey, selectByKey } from '../bulk/statements.ts';
import {
  DIAGNOSTIC_HISTORY,
  DIAGNOSTICS,
  HOSTS,
  INSTANCES,
  MACHINES,
  STATUS_HISTORY,
  STATUSES,
  UP_HISTORY,
} from '../bulk/tables.ts';
import { type Change, inTransaction } from '../change.ts';
import { addMachines, lockMachineCounts } from '../ingest/machine-counts.ts';
import { type PathKey, readMachines } from '../ingest/rows.ts';
import type { Database, Instance, Machine } from '../schema.ts';
import type { ForgetLevel, ForgetTarget } from './targets.ts';

export type MachineKey = Pick<PathKey, 'customer' | 'machine'>;

/** What is gone: instances, and machines that have none left. */
export interface Forgotten {
  machines: (MachineKey & { instances: number })[];
  software: PathKey[];
}

export interface ForgetRequest {
  level: ForgetLevel;
  targets: readonly ForgetTarget[];
  /** Looked at again in the transaction: what was seen after this instant has come back and stays. */
  unseenSinceMs?: number | undefined;
  /** Ends it before the next step. */
  signal?: AbortSignal;
}

/** A step's instances; with their history that is some milliseconds of holding the locks. */
const STEP_INSTANCES = 20;

/** A server that waits for SQLite's write lock asks for it at intervals: it must be free mostly. */
const STEP_PAUSE_MS = 25;

const KEYS = { machine: MACHINES.key, software: INSTANCES.key } as const;

/** Everything that is kept of an instance, by its path alone: the leading columns of each key. */
const TABLES = [
  UP_HISTORY,
  STATUS_HISTORY,
  DIAGNOSTIC_HISTORY,
  DIAGNOSTICS,
  STATUSES,
  HOSTS,
  INSTANCES,
].map((table) => ({ ...table, key: INSTANCES.key }));

/**
 * Forgets the targets in small transactions, each audited in itself, and yields what each of them
 * forgot, and how many targets are left. Whoever stops in between has lost nothing but the rest.
 */
export async function* forgetInSteps(
  db: Kysely<Database>,
  request: ForgetRequest,
  change: Change,
): AsyncGenerator<Forgotten & { left: number }> {
  let left = request.targets.length;
  for (const [index, targets] of cutSteps(request).entries()) {
    if (index > 0) await pause(STEP_PAUSE_MS);
    if (index > 0 && request.signal?.aborted) return;
    left -= targets.length;
    const step = { ...request, targets };
    yield { left, ...(await inTransaction(db, (trx) => forgetTogether(trx, step, change))) };
  }
}

/**
 * Forgets targets of one customer within a transaction. Locks are taken in the order of ingest: the
 * machine count of the customer, so that nothing registers meanwhile, then the instances by key.
 */
export async function forgetTogether(
  trx: Transaction<Database>,
  request: ForgetRequest,
  change: Change,
): Promise<Forgotten> {
  const customer = request.targets[0]?.customer ?? '';
  await lockMachineCounts(trx, [customer]);
  const { targets, software } = await lockUnseen(trx, request);
  for (const table of TABLES) await deleteByKey(trx, table, software);
  const machines = await takeFromMachines(trx, targets, software);
  if (machines.length > 0) await addMachines(trx, customer, -machines.length);
  const forgotten = { machines, software };
  const isNothing = machines.length + software.length === 0;
  if (!isNothing) await auditForgetting(trx, { request, forgotten }, change);
  return forgotten;
}

/** The targets that were not seen meanwhile, and their instances; a machine of which one was seen stays whole. */
async function lockUnseen(
  trx: Transaction<Database>,
  { level, targets, unseenSinceMs = Number.POSITIVE_INFINITY }: ForgetRequest,
): Promise<{ targets: ForgetTarget[]; software: PathKey[] }> {
  const keyColumns = KEYS[level];
  const options = { keys: targets, keyColumns, lock: 'update' } as const;
  const instances = await selectByKey<Instance>(trx, INSTANCES, options);
  const keyOf = (each: ForgetTarget | Instance) => joinPath(each, level);
  const seen = new Set(instances.filter((each) => each.last_seen_at > unseenSinceMs).map(keyOf));
  return {
    targets: targets.filter((target) => !seen.has(keyOf(target))),
    software: instances.filter((instance) => !seen.has(keyOf(instance))).map(toPathKey),
  };
}

/** Counts the instances out of their machines, and returns the machines that went with their last. */
async function takeFromMachines(
  trx: Transaction<Database>,
  targets: readonly ForgetTarget[],
  software: readonly PathKey[],
): Promise<Forgotten['machines']> {
  const keys = new Map(targets.map((target) => [joinPath(target, 'machine'), target]));
  const taken = Map.groupBy(software, (path) => joinPath(path, 'machine'));
  const countTaken = (of: Machine) => taken.get(joinPath(of, 'machine'))?.length ?? 0;
  const machines = await readMachines(trx, [...keys.values()]);
  const [emptied, others] = [
    machines.filter((machine) => machine.instances <= countTaken(machine)),
    machines.filter((machine) => machine.instances > countTaken(machine)),
  ];
  await deleteByKey(trx, MACHINES, emptied);
  for (const machine of others) await countOut(trx, machine, countTaken(machine));
  return emptied.map(({ customer, machine, instances }) => ({ customer, machine, instances }));
}

async function countOut(
  trx: Transaction<Database>,
  { customer, machine }: MachineKey,
  taken: number,
): Promise<void> {
  await trx
    .updateTable('machine')
    .set((eb) => ({ instances: eb('instances', '-', taken) }))
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .execute();
}

/** A single target is the subject itself; in bulk it is the customer, and the detail names them. */
async function auditForgetting(
  trx: Transaction<Database>,
  { request, forgotten }: { request: ForgetRequest; forgotten: Forgotten },
  change: Change,
): Promise<void> {
  const { level, targets, unseenSinceMs } = request;
  const [first] = targets as [ForgetTarget];
  const { customer } = first;
  const counts = { machines: forgotten.machines.length, software: forgotten.software.length };
  const gone = level === 'machine' ? forgotten.machines : forgotten.software;
  const bulk = unseenSinceMs !== undefined && {
    not_seen_since: formatInstant(unseenSinceMs),
    forgotten: gone.map((each) => joinPath(each, level)),
  };
  const subject = bulk ? customer : joinPath(first, level);
  const detail = { ...counts, ...bulk };
  await appendAudit(trx, { action: `${level} forget`, customer, subject, detail }, change);
}

/** Steps of targets of one customer, of a bounded number of instances in all. */
function cutSteps({ level, targets }: ForgetRequest): ForgetTarget[][] {
  const steps: ForgetTarget[][] = [];
  let room = 0;
  for (const target of targets) {
    const weight = level === 'machine' ? target.instances : 1;
    const last = steps.at(-1);
    room -= weight;
    if (last && room >= 0 && last[0]?.customer === target.customer) last.push(target);
    else {
      steps.push([target]);
      room = STEP_INSTANCES - weight;
    }
  }
  return steps;
}

/** `customer/machine`, or with the software. */
function joinPath(target: MachineKey & { software?: string }, level: ForgetLevel): string {
  const { customer, machine, software = '' } = target;
  return level === 'machine' ? `${customer}/${machine}` : `${customer}/${machine}/${software}`;
}

function toPathKey({ customer, machine, software }: PathKey): PathKey {
  return { customer, machine, software };
}
