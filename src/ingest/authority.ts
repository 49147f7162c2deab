import type { Credential } from '../db/tokens/credentials.ts';
import { formatInstant } from '../domain/time/instant.ts';
import { diagnoseTokenForm, TOKEN_FORMS } from '../domain/tokens/token-form.ts';
import { type Refusal, refuse } from './outcome.ts';
import type { IngestRequest } from './request.ts';

type Judged = Pick<IngestRequest, 'customer' | 'bearer'>;

/**
 * Why the bearer may not speak for the customer in the path, or null when it may; in the order of
 * the contract. Says nothing about whether the customer in the path exists.
 */
export function judgeAuthority(
  request: Judged,
  credential: Credential | undefined,
  nowMs: number,
): Refusal | null {
  if (credential === undefined) return refuseUnknown(request.bearer);
  const known = { tokenId: credential.token_id, tokenCustomer: credential.customer };
  const rule = RULES.find(({ applies }) => applies(credential, request, nowMs));
  return rule ? refuse(rule.reason, rule.detail(credential), known) : null;
}

function refuseUnknown(bearer: string): Refusal {
  const tokenForm = diagnoseTokenForm(bearer);
  return refuse('token_unknown', TOKEN_FORMS[tokenForm], { tokenForm });
}

const RULES = [
  {
    reason: 'token_revoked',
    applies: ({ revoked_at }: Credential) => revoked_at !== null,
    detail: ({ token_id, revoked_at }: Credential) =>
      `The token ${token_id} was revoked at ${formatInstant(revoked_at ?? 0)}.`,
  },
  {
    reason: 'token_expired',
    applies: ({ expires_at }: Credential, _request: Judged, nowMs: number) =>
      expires_at !== null && expires_at <= nowMs,
    detail: ({ token_id, expires_at }: Credential) =>
      `The token ${token_id} expired at ${formatInstant(expires_at ?? 0)}.`,
  },
  {
    reason: 'customer_mismatch',
    applies: ({ customer }: Credential, request: Judged) => customer !== request.customer,
    detail: ({ token_id }: Credential) =>
      `The token ${token_id} does not speak for the customer in the path.`,
  },
  {
    reason: 'customer_inactive',
    applies: ({ deactivated_at }: Credential) => deactivated_at !== null,
    detail: ({ customer }: Credential) => `The customer ${customer} is deactivated.`,
  },
] as const;
