import type { Reason } from '../../domain/rejections/reasons.ts';
import type { TokenForm } from '../../domain/tokens/token-form.ts';
import type { FieldError } from '../../protocol/messages.ts';

/** A refusal with the request it answered; `''` where the request named nothing. */
export interface RefusedRequest {
  reason: Reason;
  /** The sentence that the device got. */
  detail: string;
  errors: FieldError[] | null;
  /** As in the path, slugs or not. */
  customer: string;
  machine: string;
  software: string;
  /** `heartbeat` and so on, or `''` where the path leads to none. */
  endpoint: string;
  /** The path of the request as it was sent. */
  path: string;
  address: string;
  tokenId: string;
  tokenCustomer: string;
  tokenForm: TokenForm | '';
  /** What was presented as the token, only to be redacted from the path. */
  bearer?: string | undefined;
  /** Bounded and redacted already; null before the token is known. */
  payload: string | null;
  atMs: number;
  httpStatus: number;
}
