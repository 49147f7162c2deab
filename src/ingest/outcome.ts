import type { Reason } from '../domain/reasons.ts';
import type { TokenForm } from '../domain/token-form.ts';
import type { FieldError } from '../protocol/messages.ts';

/** Every request has exactly one outcome. */
export type Outcome = Acceptance | Refusal;

export interface Acceptance {
  ok: true;
  accepted: number;
  isDuplicate: boolean;
  warnings: string[];
  tokenExpiresAtMs: number | null;
}

export interface Refusal {
  ok: false;
  reason: Reason;
  /** A sentence that says what was wrong; for the device and for the operator. */
  detail: string;
  errors: FieldError[] | null;
  tokenId: string;
  tokenCustomer: string;
  tokenForm: TokenForm | '';
  /** What was sent, bounded and redacted; null before the token is known. */
  payload: string | null;
}

/** A refusal with what is known of it; everything else is empty. */
export function refuse(
  reason: Reason,
  detail: string,
  more: Partial<Omit<Refusal, 'ok' | 'reason' | 'detail'>> = {},
): Refusal {
  return { ok: false, reason, detail, ...NOTHING_KNOWN, ...more };
}

const NOTHING_KNOWN = {
  errors: null,
  tokenId: '',
  tokenCustomer: '',
  tokenForm: '',
  payload: null,
} as const;
