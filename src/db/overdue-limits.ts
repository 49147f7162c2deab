/** Overdue limits of machines and of software; each change is audited in its own transaction. */
import type { Kysely, Transaction } from 'kysely';
import { requireOverdueLimit } from '../domain/customers/overdue-limit.ts';
import { appendAudit } from './audit.ts';
import { selectByKey } from './bulk/statements.ts';
import { INSTANCES, MACHINES } from './bulk/tables.ts';
import type { Change } from './change.ts';
import { lockMachineCounts } from './ingest/machine-counts.ts';
import { lockInstances, type PathKey, readMachines } from './ingest/rows.ts';
import { getMachine, type MachineItem } from './machines.ts';
import { explainMissingPath } from './paths.ts';
import type { Database, Machine } from './schema.ts';
import { getSoftware, type SoftwareItem } from './software.ts';

type MachineKey = Pick<PathKey, 'customer' | 'machine'>;

/** In milliseconds; null for what is set above it. */
interface Limit {
  overdueAfterMs: number | null;
}

/**
 * Sets the limit of a machine, in its instances as well, and returns it; throws `not_found`. Locks are taken in the
 * order of ingest: the machine count of the customer, so that no instance registers meanwhile with
 * the limit of before, then the instances by key.
 */
export async function setMachineOverdue(
  trx: Transaction<Database>,
  { customer, machine, overdueAfterMs }: MachineKey & Limit,
  change: Change,
): Promise<MachineItem> {
  requireOverdueLimit(overdueAfterMs);
  const key = { customer, machine };
  // Before the lock, which would otherwise be a row for a customer that there is not.
  await requireMachine(trx, key);
  await lockMachineCounts(trx, [customer]);
  const before = await requireMachine(trx, key);
  if (before.overdue_after_ms !== overdueAfterMs)
    await writeMachine(trx, { ...key, overdueAfterMs }, change);
  // It is there: whoever forgets it waits for the same lock.
  return (await getMachine(trx, key, change.nowMs)) as MachineItem;
}

async function writeMachine(
  trx: Transaction<Database>,
  { customer, machine, overdueAfterMs }: MachineKey & Limit,
  change: Change,
): Promise<void> {
  const key = { customer, machine };
  const options = { keys: [key], keyColumns: MACHINES.key, lock: 'update' } as const;
  await selectByKey(trx, INSTANCES, options);
  await trx
    .updateTable('machine')
    .set({ overdue_after_ms: overdueAfterMs })
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .execute();
  await trx
    .updateTable('instance')
    .set({ machine_overdue_after_ms: overdueAfterMs })
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .execute();
  const subject = `${customer}/${machine}`;
  const detail = { overdue_after_ms: overdueAfterMs };
  await appendAudit(trx, { action: 'machine update', customer, subject, detail }, change);
}

/** Sets the limit of an instance, and returns it; throws `not_found`. */
export async function setSoftwareOverdue(
  trx: Transaction<Database>,
  { customer, machine, software, overdueAfterMs }: PathKey & Limit,
  change: Change,
): Promise<SoftwareItem> {
  requireOverdueLimit(overdueAfterMs);
  const key = { customer, machine, software };
  const [before] = await lockInstances(trx, [key]);
  if (!before) throw await explainMissingPath(trx, key);
  if (before.overdue_after_ms !== overdueAfterMs)
    await writeSoftware(trx, { ...key, overdueAfterMs }, change);
  return (await getSoftware(trx, key, change.nowMs)) as SoftwareItem;
}

async function writeSoftware(
  trx: Transaction<Database>,
  { customer, machine, software, overdueAfterMs }: PathKey & Limit,
  change: Change,
): Promise<void> {
  await trx
    .updateTable('instance')
    .set({ overdue_after_ms: overdueAfterMs })
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where('software', '=', software)
    .execute();
  const subject = `${customer}/${machine}/${software}`;
  const detail = { overdue_after_ms: overdueAfterMs };
  await appendAudit(trx, { action: 'software update', customer, subject, detail }, change);
}

async function requireMachine(db: Kysely<Database>, key: MachineKey): Promise<Machine> {
  const [machine] = await readMachines(db, [key]);
  if (machine) return machine;
  throw await explainMissingPath(db, key);
}
