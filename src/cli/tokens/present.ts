import type { CountedToken } from '../../db/tokens/machines.ts';
import type { CreatedToken, TokenItem } from '../../db/tokens/tokens.ts';
import { findTokenState } from '../../domain/tokens/token-state.ts';
import type { TokenJson } from '../schemas/token.ts';
import { type Cell, type Column, renderFields, renderTable } from '../table.ts';
import { formatWhen, formatWhenKnown, toInstant } from '../time.ts';

/** The token as JSON shows it. */
export function toTokenJson(token: TokenItem): TokenJson {
  return {
    id: token.id,
    customer: token.customer,
    name: token.name,
    created_at: toInstant(token.created_at) as string,
    expires_at: toInstant(token.expires_at),
    revoked_at: toInstant(token.revoked_at),
    last_used_at: toInstant(token.last_used_at),
    last_used_address: token.last_used_address,
  };
}

/** A new token as JSON shows it: the only time that it is shown. */
export function toCreatedJson({ id, token, customer, name, ...at }: CreatedToken) {
  return {
    ...{ id, token, customer, name },
    expires_at: toInstant(at.expires_at),
    created_at: toInstant(at.created_at),
  };
}

/** When a token expires, as the end of a sentence. */
export function describeExpiry(expiresAtMs: number | null, nowMs: number): string {
  return expiresAtMs === null ? 'never expires' : `expires ${formatWhen(expiresAtMs, nowMs)}`;
}

/** Tokens for people, one a row. */
export function renderTokens(
  tokens: readonly CountedToken[],
  { nowMs, width }: { nowMs: number; width: number | undefined },
): string {
  const columns: Column<CountedToken>[] = [
    { header: 'TOKEN', value: ({ id }) => id, isWhole: true },
    { header: 'CUSTOMER', value: ({ customer }) => customer },
    { header: 'NAME', value: ({ name }) => name },
    { header: 'STATE', value: (token) => findTokenState(token, nowMs) },
    { header: 'EXPIRES', value: ({ expires_at }) => formatWhenKnown(expires_at, nowMs) ?? 'never' },
    { header: 'MACHINES', value: ({ machine_count }) => machine_count, align: 'right' },
    { header: 'LAST USED', value: ({ last_used_at }) => formatWhenKnown(last_used_at, nowMs) },
  ];
  return renderTable(columns, tokens, { width });
}

/** One token for people. */
export function renderToken(
  token: TokenItem,
  more: readonly (readonly [string, Cell])[],
  nowMs: number,
): string {
  return renderFields([
    ['token', token.id],
    ['customer', token.customer],
    ['name', token.name],
    ['state', findTokenState(token, nowMs)],
    ['created', formatWhen(token.created_at, nowMs)],
    ['expires', formatWhenKnown(token.expires_at, nowMs) ?? 'never'],
    ['revoked', formatWhenKnown(token.revoked_at, nowMs)],
    ['last used', formatWhenKnown(token.last_used_at, nowMs)],
    ['last used from', token.last_used_address],
    ['replaces', token.replaces],
    ...more,
  ]);
}
