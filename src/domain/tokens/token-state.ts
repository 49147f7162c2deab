import { DAY_MS } from '../time/duration.ts';

export type TokenState = 'active' | 'expired' | 'revoked';

/** From here on the end of a token is worth a warning of its own. */
const EXPIRES_SOON_MS = 7 * DAY_MS;

interface TokenEnds {
  revoked_at: number | null;
  expires_at: number | null;
}

/** Returns whether a token works, and if not, why. */
export function findTokenState({ revoked_at, expires_at }: TokenEnds, nowMs: number): TokenState {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && expires_at <= nowMs ? 'expired' : 'active';
}

/** Returns whether a token that works will not for much longer. */
export function expiresSoon(token: TokenEnds, nowMs: number): boolean {
  const isActive = findTokenState(token, nowMs) === 'active';
  return isActive && token.expires_at !== null && token.expires_at - nowMs <= EXPIRES_SOON_MS;
}
