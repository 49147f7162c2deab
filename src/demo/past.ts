/** Gives the fleet its past: what the devices sent until now, with its age. */
import type { Kysely } from 'kysely';
import { type Change, inTransaction } from '../db/change.ts';
import type { Database } from '../db/schema.ts';
import { FleetError } from '../domain/errors.ts';
import { acknowledgeDiagnostic } from '../ingest/operator/diagnostics.ts';
import type { Send } from './client.ts';
import type { Device } from './fleet.ts';
import type { DeviceRequest } from './requests.ts';

/** Sends the batches one after the other; throws where a line was not accepted, or `interrupted`. */
export async function sendPast(
  requests: Iterable<DeviceRequest>,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  for (const request of requests) {
    requireUninterrupted(signal);
    const { status, body } = await send(request);
    const { rejected = [] }: { rejected?: unknown[] } = JSON.parse(body);
    if (status !== 200 || rejected.length > 0) throw new Error(`The past was refused: ${body}`);
  }
}

/** Throws `interrupted` once the user wants no demo any more. */
export function requireUninterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new FleetError('interrupted', 'Interrupted.');
}

/** Acknowledges the errors that somebody takes care of. */
export async function acknowledgeErrors(
  db: Kysely<Database>,
  devices: readonly Device[],
  change: Change,
): Promise<void> {
  for (const { path, behaviour, error } of devices) {
    const note = behaviour.acknowledged;
    if (note === undefined) continue;
    const request = { path, code: error.code, module: error.module, note };
    await inTransaction(db, (trx) => acknowledgeDiagnostic(trx, request, change));
  }
}
