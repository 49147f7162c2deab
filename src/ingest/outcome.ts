import type { Reason } from '../domain/rejections/reasons.ts';
import type { TokenForm } from '../domain/tokens/token-form.ts';
import type { RejectedLine } from '../protocol/answers.ts';
import type { FieldError, MessageKind } from '../protocol/messages.ts';

/** Every request has exactly one outcome. */
export type Outcome = MessageOutcome | BatchOutcome;

/** Every message has exactly one outcome, whether it came alone or as a line of a batch. */
export type MessageOutcome = Acceptance | Refusal;

export type BatchOutcome = BatchAcceptance | Refusal;

export interface Acceptance {
  ok: true;
  accepted: number;
  isDuplicate: boolean;
  warnings: string[];
  tokenExpiresAtMs: number | null;
}

/** A batch of which every line was judged for itself. */
export interface BatchAcceptance {
  ok: true;
  /** Lines. */
  accepted: number;
  rejected: (RejectedLine & { reason: Reason })[];
  /** Of the rejected lines, those for the rejection log: bounded in number. */
  logged: LineRefusal[];
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

/** The refusal of one line; machine, software and kind as far as it named them, slugs or not. */
export interface LineRefusal extends Refusal {
  line: number;
  machine: string;
  software: string;
  kind: MessageKind | null;
}

/** The refusal of a message that we failed on; nothing of the inside is told. */
export function refuseAsFailed(): Refusal {
  return refuse('internal_error', 'The server failed on this message.');
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
