import type { Kysely } from 'kysely';
import { findTokenState } from '../../domain/tokens/token-state.ts';
import type { TokenEvidence } from '../../domain/why/evidence.ts';
import type { Database } from '../schema.ts';
import { selectTokens, type TokenItem } from '../tokens/tokens.ts';

interface Instance {
  customer: string;
  machine: string;
  software: string;
}

interface OfCustomer {
  customer: string;
  nowMs: number;
}

/** The token with which an instance sent its last message. */
export async function findTokenOf(
  db: Kysely<Database>,
  { customer, machine, software }: Instance,
  nowMs: number,
): Promise<TokenEvidence | null> {
  const spoken = db
    .selectFrom('instance')
    .select('token_id')
    .where('customer', '=', customer)
    .where('machine', '=', machine)
    .where('software', '=', software);
  const token = await selectTokens(db)
    .where('token.customer', '=', customer)
    .where('token.id', 'in', spoken)
    .executeTakeFirst();
  return token ? await describeToken(db, token, nowMs) : null;
}

/** The newest token of a customer that works, else the newest; null where it has none. */
export async function findTokenToUse(
  db: Kysely<Database>,
  { customer, nowMs }: OfCustomer,
): Promise<TokenEvidence | null> {
  const tokens = await selectTokens(db)
    .where('token.customer', '=', customer)
    .orderBy('token.created_at', 'desc')
    .orderBy('token.id')
    .execute();
  const active = tokens.find((token) => findTokenState(token, nowMs) === 'active');
  const token = active ?? tokens[0];
  return token ? await describeToken(db, token, nowMs) : null;
}

/** How many tokens a customer has, and how many of them work. */
export async function countTokens(
  db: Kysely<Database>,
  { customer, nowMs }: OfCustomer,
): Promise<{ total: number; active: number }> {
  const tokens = await db
    .selectFrom('token')
    .select(['revoked_at', 'expires_at'])
    .where('customer', '=', customer)
    .execute();
  const active = tokens.filter((token) => findTokenState(token, nowMs) === 'active');
  return { total: tokens.length, active: active.length };
}

async function describeToken(
  db: Kysely<Database>,
  token: TokenItem,
  nowMs: number,
): Promise<TokenEvidence> {
  const successor = await db
    .selectFrom('token')
    .select('id')
    .where('customer', '=', token.customer)
    .where('replaces', '=', token.id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  const { name: _n, created_at: _c, replaces: _r, ...told } = token;
  return { ...told, state: findTokenState(token, nowMs), successor: successor?.id ?? null };
}
