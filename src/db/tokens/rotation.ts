/** Rotation: a new token takes over from an old one, which goes on working for a while. */
import type { Transaction } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import { appendAudit } from '../audit.ts';
import type { Change } from '../change.ts';
import type { Database, Token } from '../schema.ts';
import { type CreatedToken, getToken, insertToken, requireActiveCustomer } from './tokens.ts';

export interface RotationInput {
  id: string;
  /** How long the old token goes on working; less where it expires before. */
  overlapMs: number;
  /** When the new token expires, null for never; as long as the old one's lifetime unless given. */
  expiresAtMs?: number | null | undefined;
}

export interface Rotation {
  created: CreatedToken;
  /** When the old token ends, epoch milliseconds. */
  oldEndsAtMs: number;
}

/**
 * Creates a token in place of another one of the same customer and name, and lets that one end at
 * the earlier of its own expiry and the end of the overlap. Throws `not_found`, or `conflict` where
 * it does not work any more: there is nothing to take over then.
 */
export async function rotateToken(
  trx: Transaction<Database>,
  { id, overlapMs, expiresAtMs }: RotationInput,
  change: Change,
): Promise<Rotation> {
  const old = await getToken(trx, id);
  await requireActiveCustomer(trx, old.customer);
  await refuseReplaced(trx, { id, customer: old.customer });
  const oldEndsAtMs = Math.min(
    old.expires_at ?? Number.POSITIVE_INFINITY,
    change.nowMs + overlapMs,
  );
  await endToken(trx, { id, oldEndsAtMs }, change);
  const expires_at = expiresAtMs === undefined ? prolong(old, change.nowMs) : expiresAtMs;
  const { customer, name } = old;
  const created = await insertToken(trx, { customer, name, expires_at, replaces: id }, change);
  const detail = { replaces: id, old_ends_at: formatInstant(oldEndsAtMs) };
  const expiry = { expires_at: expires_at === null ? null : formatInstant(expires_at) };
  const action = { action: 'token rotate', customer, subject: created.id };
  await appendAudit(trx, { ...action, detail: { ...detail, ...expiry } }, change);
  return { created, oldEndsAtMs };
}

/**
 * Once is enough: the old one's expiry is by then the end of the overlap, and two successors would
 * stand side by side.
 */
async function refuseReplaced(
  trx: Transaction<Database>,
  { id, customer }: { id: string; customer: string },
): Promise<void> {
  const successor = await trx
    .selectFrom('token')
    .select('id')
    .where('customer', '=', customer)
    .where('replaces', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!successor) return;
  throw new FleetError('conflict', `The token ${successor.id} takes over from ${id} already.`, {
    hint: `fleet token rotate ${successor.id}, or end the old one now: fleet token revoke ${id}`,
  });
}

/** By a condition in the update itself, so that a revocation at the same moment is not undone. */
async function endToken(
  trx: Transaction<Database>,
  { id, oldEndsAtMs }: { id: string; oldEndsAtMs: number },
  { nowMs }: Change,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('token')
    .set({ expires_at: oldEndsAtMs })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)]))
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  const { customer, revoked_at } = await getToken(trx, id);
  const state = revoked_at === null ? 'has expired' : 'is revoked';
  throw new FleetError('conflict', `The token ${id} ${state}; nothing can take over from it.`, {
    hint: `fleet token create ${customer}`,
  });
}

/** The original's lifetime from now on. */
function prolong(
  { created_at, expires_at }: Pick<Token, 'created_at' | 'expires_at'>,
  nowMs: number,
) {
  return expires_at === null ? null : nowMs + (expires_at - created_at);
}
