type ReasonRow = { status: number; title: string; logged: boolean };

/**
 * Every way in which an ingest request can be refused, in the order in which they are decided: the
 * first that applies is the outcome. 4xx are logged as rejections, 5xx are only counted. A method
 * that an endpoint does not know is answered 405 instead of 404, under the same reason.
 */
export const REASONS = {
  rate_limited: { status: 429, title: 'Too many requests', logged: true },
  unknown_endpoint: { status: 404, title: 'Unknown endpoint', logged: true },
  payload_too_large: { status: 413, title: 'Payload too large', logged: true },
  unsupported_encoding: { status: 415, title: 'Unsupported content encoding', logged: true },
  invalid_slug: { status: 400, title: 'Invalid slug', logged: true },
  token_missing: { status: 401, title: 'Token missing', logged: true },
  token_unknown: { status: 401, title: 'Token unknown', logged: true },
  token_revoked: { status: 401, title: 'Token revoked', logged: true },
  token_expired: { status: 401, title: 'Token expired', logged: true },
  customer_mismatch: { status: 403, title: 'Token of another customer', logged: true },
  customer_inactive: { status: 403, title: 'Customer inactive', logged: true },
  invalid_json: { status: 400, title: 'Invalid JSON', logged: true },
  invalid_payload: { status: 422, title: 'Invalid payload', logged: true },
  machine_limit_reached: { status: 403, title: 'Machine limit reached', logged: true },
  instance_limit_reached: { status: 403, title: 'Instance limit reached', logged: true },
  diagnostic_limit_reached: { status: 403, title: 'Diagnostic limit reached', logged: true },
  overloaded: { status: 503, title: 'Server overloaded', logged: false },
  storage_unavailable: { status: 503, title: 'Storage unavailable', logged: false },
  internal_error: { status: 500, title: 'Internal error', logged: false },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof REASONS;

/** Returns whether a text, as from a flag or a row, is a reason of the closed list. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text);
}

/** Returns whether the reason lies in what was sent, and not in who sent it or where to. */
export function isOfContent(reason: Reason): boolean {
  return CONTENT.has(reason);
}

const CONTENT: ReadonlySet<Reason> = new Set([
  'payload_too_large',
  'unsupported_encoding',
  'invalid_json',
  'invalid_payload',
  'diagnostic_limit_reached',
]);
