/** Tokens: created once, shown once, revoked for ever. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import { generateToken, hashToken, isTokenId, readTokenId } from '../../domain/tokens/token.ts';
import { requireTokenName } from '../../domain/tokens/token-input.ts';
import { appendAudit } from '../audit.ts';
import type { Change } from '../change.ts';
import { getCustomer } from '../customers/customers.ts';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../page.ts';
import type { Database, Token } from '../schema.ts';

/** A token as lists show it: everything but its hash, and when it was last used. */
export interface TokenItem extends Omit<Token, 'secret_hash'> {
  last_used_at: number | null;
  last_used_address: string | null;
}

export interface CreatedToken extends Omit<Token, 'secret_hash'> {
  /** The secret; stored nowhere. */
  token: string;
}

/** Creates a token for an active customer; throws `not_found` or `conflict`. */
export async function createToken(
  trx: Transaction<Database>,
  input: { customer: string; name: string | null; expiresAtMs: number | null },
  change: Change,
): Promise<CreatedToken> {
  requireTokenName(input.name);
  await requireActiveCustomer(trx, input.customer);
  const { customer, name, expiresAtMs } = input;
  const row = { customer, name, expires_at: expiresAtMs, replaces: null };
  const created = await insertToken(trx, row, change);
  const detail = { name, expires_at: expiresAtMs === null ? null : formatInstant(expiresAtMs) };
  const action = { action: 'token create', customer, subject: created.id, detail };
  await appendAudit(trx, action, change);
  return created;
}

/** Throws `not_found`, or `conflict` where the customer is deactivated: a new token would not work. */
export async function requireActiveCustomer(
  trx: Transaction<Database>,
  slug: string,
): Promise<void> {
  const customer = await getCustomer(trx, slug);
  if (customer.deactivated_at !== null) throw refuseInactive(customer.slug);
}

/** Stores a new token under a new id; returns it with its secret, which is kept nowhere. */
export async function insertToken(
  trx: Transaction<Database>,
  input: Pick<Token, 'customer' | 'name' | 'expires_at' | 'replaces'>,
  { nowMs }: Change,
): Promise<CreatedToken> {
  const { id, token } = generateToken();
  const row = { id, ...input, created_at: nowMs, revoked_at: null };
  await trx
    .insertInto('token')
    .values({ ...row, secret_hash: hashToken(token) })
    .execute();
  return { ...row, token };
}

/**
 * Revokes a token: no request that starts after the commit is accepted, in whichever process.
 * Ingest holds the row in share mode, so this waits for batches that still rely on the token.
 */
export async function revokeToken(
  trx: Transaction<Database>,
  id: string,
  change: Change,
): Promise<{ token: TokenItem; revoked: boolean }> {
  const { numUpdatedRows } = await trx
    .updateTable('token')
    .set({ revoked_at: change.nowMs })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  const token = await getToken(trx, id);
  const revoked = numUpdatedRows > 0n;
  const action = { action: 'token revoke', customer: token.customer, subject: id };
  if (revoked) await appendAudit(trx, action, change);
  return { token, revoked };
}

/** The token; throws `not_found` with a suggestion where there is none of this id. */
export async function getToken(db: Kysely<Database>, id: string): Promise<TokenItem> {
  const token = await selectTokens(db).where('token.id', '=', id).executeTakeFirst();
  if (token) return token;
  if (!isTokenId(id)) throw refuseNoId(id);
  const ids = await db.selectFrom('token').select('id').execute();
  const similar = suggestSimilar(
    id,
    ids.map((row) => row.id),
  );
  const proposal = similar === null ? '.' : `; did you mean ${similar}?`;
  throw new FleetError('not_found', `There is no token ${id}${proposal}`, {
    hint: 'fleet token list --all',
  });
}

export interface TokenFilter {
  customer?: string | undefined;
  /** Also those that are revoked or expired, and those of deactivated customers. */
  includeEnded?: boolean | undefined;
  /** Only those that expire before this instant. */
  expiringBefore?: number | undefined;
  nowMs: number;
}

/** The tokens that match, by customer and age. */
export async function listTokens(
  db: Kysely<Database>,
  filter: TokenFilter,
  { limit, cursor }: PageRequest = {},
): Promise<Page<TokenItem>> {
  const after = decodeCursor(cursor, ['', 0, ''] as const);
  let query = filterTokens(selectTokens(db), filter)
    .orderBy('token.customer')
    .orderBy('token.created_at')
    .orderBy('token.id');
  if (after) {
    query = query.where(
      sql<boolean>`(token.customer, token.created_at, token.id) > (${after[0]}, ${after[1]}, ${after[2]})`,
    );
  }
  if (limit !== undefined) query = query.limit(limit + 1);
  return cutPage(await query.execute(), limit, (each) => [each.customer, each.created_at, each.id]);
}

/** Tokens without their hashes, and when they were last used. */
export function selectTokens(db: Kysely<Database>) {
  return db
    .selectFrom('token')
    .leftJoin('token_use', (join) =>
      join
        .onRef('token_use.customer', '=', 'token.customer')
        .onRef('token_use.token_id', '=', 'token.id'),
    )
    .select([
      'token.id',
      'token.customer',
      'token.name',
      'token.created_at',
      'token.expires_at',
      'token.revoked_at',
      'token.replaces',
      'token_use.last_used_at',
      'token_use.last_used_address',
    ]);
}

function filterTokens(
  tokens: ReturnType<typeof selectTokens>,
  { customer, includeEnded = false, expiringBefore, nowMs }: TokenFilter,
) {
  let query = tokens;
  if (customer !== undefined) query = query.where('token.customer', '=', customer);
  if (expiringBefore !== undefined) query = query.where('token.expires_at', '<', expiringBefore);
  if (includeEnded) return query;
  return query
    .where('token.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('token.expires_at', 'is', null), eb('token.expires_at', '>', nowMs)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('customer')
          .select('slug')
          .whereRef('slug', '=', 'token.customer')
          .where('deactivated_at', 'is', null),
      ),
    );
}

function refuseInactive(slug: string): FleetError {
  return new FleetError(
    'conflict',
    `The customer ${slug} is deactivated: its tokens do not work.`,
    {
      hint: `fleet customer activate ${slug}`,
    },
  );
}

/** Does not repeat what was typed: it may be the token itself, whole or cut off. */
function refuseNoId(text: string): FleetError {
  const id = readTokenId(text);
  if (id === null) {
    return new FleetError('not_found', 'There is no such token: an id has 8 letters and digits.', {
      hint: 'fleet token list --all',
    });
  }
  return new FleetError('usage', 'That is a token itself, which belongs into no command line.', {
    hint: `fleet token show ${id}`,
  });
}
