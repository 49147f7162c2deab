import type { FieldError } from './messages.ts';

/** RFC 9457. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** 200 to a message: committed and synced. */
export interface AcceptedAnswer {
  ok: true;
  /** Diagnostic items; 1 for a heartbeat or a status. */
  accepted: number;
  /** Seen before under the same session and seq; nothing was changed. */
  duplicate?: true;
  warnings?: string[];
}

export interface RejectedLine {
  /** Counted from 1. */
  line: number;
  reason: string;
  detail: string;
}

/** 200 to a batch: every line is either counted in `accepted` or named in `rejected`. */
export interface BatchAnswer {
  ok: true;
  accepted: number;
  rejected: RejectedLine[];
  warnings?: string[];
}

/** 200 to a preflight check. */
export interface CheckAnswer {
  ok: true;
  would_register: 'machine' | 'software' | null;
  token_id: string;
  token_expires_at: string | null;
  clock_skew_ms: number | null;
  warnings: string[];
}

/** Every refusal (RFC 9457, with the extensions `reason`, `errors` and `request_id`). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  reason: string;
  errors?: FieldError[];
  request_id?: string;
}
