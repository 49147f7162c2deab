/** How each change is carried out: the same functions as behind the commands, audited alike. */
import type { Kysely, Transaction } from 'kysely';
import { type Change, inTransaction } from '../../db/change.ts';
import {
  activateCustomer,
  createCustomer,
  deactivateCustomer,
  updateCustomer,
} from '../../db/customers/changes.ts';
import type { Database } from '../../db/schema.ts';
import { rotateToken } from '../../db/tokens/rotation.ts';
import { createToken, revokeToken } from '../../db/tokens/tokens.ts';
import { acknowledgeDiagnostic, closeDiagnostic } from '../../ingest/operator/diagnostics.ts';
import type { ChangeName, InputOf, OutputOf } from './requests.ts';

type Work<Name extends ChangeName> = (
  trx: Transaction<Database>,
  input: InputOf<Name>,
  change: Change,
) => Promise<OutputOf<Name>>;

const WORKS: { [Name in ChangeName]: Work<Name> } = {
  'customer create': async (trx, input, change) =>
    (await createCustomer(trx, input, change)).customer,
  'customer update': updateCustomer,
  'customer deactivate': deactivateCustomer,
  'customer activate': activateCustomer,
  'diagnostics ack': acknowledgeDiagnostic,
  'diagnostics close': closeDiagnostic,
  'token create': createToken,
  'token rotate': rotateToken,
  'token revoke': async (trx, { id }, change) => {
    const { revoked } = await revokeToken(trx, id, change);
    return { revoked };
  },
};

export interface ChangeContext {
  /** Opens the database to write; it is closed again after the change. */
  open: () => Promise<Kysely<Database>>;
  actor: string;
  clock: () => number;
}

/** Carries out a change in a transaction of its own; throws what the command would. */
export async function carryOutChange<Name extends ChangeName>(
  name: Name,
  input: InputOf<Name>,
  { open, actor, clock }: ChangeContext,
): Promise<OutputOf<Name>> {
  const db = await open();
  try {
    const change = { nowMs: clock(), actor };
    return await inTransaction(db, (trx) => WORKS[name](trx, input, change));
  } finally {
    await db.destroy();
  }
}
