import type { Transaction } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { generateTokenId, hashToken, isImportableToken } from '../../domain/tokens/token.ts';
import { appendAudit } from '../audit.ts';
import type { Change } from '../change.ts';
import type { Database } from '../schema.ts';
import { requireActiveCustomer, selectTokens, type TokenItem } from './tokens.ts';

/**
 * Takes over a token of an earlier installation, so that its devices need not be touched. One that
 * this customer has already is returned as it is; throws `conflict` where another
 * customer has it, where it is revoked or expired, or where the customer is deactivated.
 */
export async function importToken(
  trx: Transaction<Database>,
  input: { customer: string; token: string },
  change: Change,
): Promise<{ token: TokenItem; created: boolean }> {
  const { customer } = input;
  await requireActiveCustomer(trx, customer);
  if (!isImportableToken(input.token)) throw refuseImport();
  const secretHash = hashToken(input.token);
  const row = {
    id: generateTokenId(),
    customer,
    name: null,
    created_at: change.nowMs,
    expires_at: null,
    revoked_at: null,
    replaces: null,
  };
  await trx
    .insertInto('token')
    .values({ ...row, secret_hash: secretHash })
    .onConflict((conflict) => conflict.column('secret_hash').doNothing())
    .execute();
  const token = await selectTokens(trx)
    .where('token.secret_hash', '=', secretHash)
    .executeTakeFirstOrThrow();
  if (token.customer !== customer) throw refuseForeign(token.id);
  if (hasEnded(token, change.nowMs)) throw refuseEnded(token);
  const created = token.id === row.id;
  const action = { action: 'token import', customer, subject: row.id };
  if (created) await appendAudit(trx, action, change);
  return { token, created };
}

function refuseImport(): FleetError {
  return new FleetError(
    'usage',
    'What was read is no token: it must be one line of 8 to 512 letters, digits and - . _ ~ + / =.',
    { hint: 'fleet token import <customer> < token-file' },
  );
}

function hasEnded({ revoked_at, expires_at }: TokenItem, nowMs: number): boolean {
  return revoked_at !== null || (expires_at !== null && expires_at <= nowMs);
}

function refuseEnded({ id, customer, revoked_at }: TokenItem): FleetError {
  const state = revoked_at === null ? 'has expired' : 'is revoked';
  return new FleetError(
    'conflict',
    `The token is known already, as ${id}, and ${state} for good.`,
    {
      hint: `fleet token create ${customer}`,
    },
  );
}

/** Names the public id only: whose token it is, is not for everybody who can present it. */
function refuseForeign(id: string): FleetError {
  return new FleetError('conflict', `The token is known already, as ${id}, for another customer.`, {
    hint: `fleet token show ${id}`,
  });
}
