/** What ingest reads and writes of the current state, for the whole batch at once. */
import type { Kysely, Transaction } from 'kysely';
import { deleteByKey, selectByKey, updateRows, upsertRows } from '../bulk/statements.ts';
import { DIAGNOSTICS, HOSTS, INSTANCES, MACHINES, STATUSES } from '../bulk/tables.ts';
import type {
  Database,
  Diagnostic,
  Instance,
  InstanceHost,
  InstanceStatus,
  Machine,
} from '../schema.ts';
import { BEAT_COLUMNS } from './beat.ts';

const PATH_KEY = INSTANCES.key;

export interface PathKey {
  customer: string;
  machine: string;
  software: string;
}

/** The instance rows of these paths, locked on PostgreSQL until the transaction ends. */
export async function lockInstances(
  trx: Transaction<Database>,
  keys: readonly PathKey[],
): Promise<Instance[]> {
  return await selectByKey(trx, INSTANCES, { keys, keyColumns: PATH_KEY, lock: 'update' });
}

export async function readMachines(
  trx: Kysely<Database>,
  keys: readonly Pick<Machine, 'customer' | 'machine'>[],
): Promise<Machine[]> {
  return await selectByKey(trx, MACHINES, { keys, keyColumns: MACHINES.key });
}

export async function readStatusDetails(
  trx: Kysely<Database>,
  keys: readonly PathKey[],
): Promise<InstanceStatus[]> {
  return await selectByKey(trx, STATUSES, { keys, keyColumns: PATH_KEY });
}

export async function readDiagnostics(
  trx: Kysely<Database>,
  keys: readonly PathKey[],
): Promise<Diagnostic[]> {
  return await selectByKey(trx, DIAGNOSTICS, { keys, keyColumns: PATH_KEY });
}

export interface ChangedRows {
  machines: readonly Machine[];
  instances: readonly Instance[];
  /** Instances of which only the columns of a heartbeat changed. */
  beats: readonly Instance[];
  hosts: readonly InstanceHost[];
  statusDetails: readonly InstanceStatus[];
  diagnostics: readonly Diagnostic[];
  forgottenDiagnostics: readonly Diagnostic[];
}

/** Writes the state after a batch. */
export async function saveChangedRows(
  trx: Transaction<Database>,
  changed: ChangedRows,
): Promise<void> {
  await upsertRows(trx, MACHINES, changed.machines);
  await upsertRows(trx, INSTANCES, changed.instances);
  await updateRows(trx, INSTANCES, { columns: BEAT_COLUMNS, rows: changed.beats });
  await upsertRows(trx, HOSTS, changed.hosts);
  await upsertRows(trx, STATUSES, changed.statusDetails);
  await deleteByKey(trx, DIAGNOSTICS, changed.forgottenDiagnostics);
  await upsertRows(trx, DIAGNOSTICS, changed.diagnostics);
}
