/**
 * How large and how deep a request may be. Every field is a setting of the server. Lengths above
 * which a request is refused are in code points, as in JSON Schema; those at which a text is cut are
 * in UTF-16 units.
 */
export interface WireLimits {
  readonly bodyBytes: number;
  readonly batchBytes: number;
  readonly batchLines: number;
  readonly jsonDepth: number;
  readonly messageLength: number;
  readonly versionLength: number;
  readonly hostnameLength: number;
  readonly osLength: number;
  readonly statusLength: number;
  readonly diagnosticsItems: number;
  readonly ipsCount: number;
  readonly ipLength: number;
  readonly sessionLength: number;
  readonly snapshotBytes: number;
  readonly contextBytes: number;
  readonly moduleLength: number;
}

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  bodyBytes: 1024 * 1024,
  batchBytes: 8 * 1024 * 1024,
  batchLines: 10_000,
  jsonDepth: 20,
  messageLength: 4096,
  versionLength: 200,
  hostnameLength: 200,
  osLength: 200,
  statusLength: 64,
  diagnosticsItems: 1000,
  ipsCount: 64,
  ipLength: 64,
  sessionLength: 64,
  snapshotBytes: 64 * 1024,
  contextBytes: 8 * 1024,
  moduleLength: 128,
};

/**
 * A spool that kept a message for more than 400 days is more likely a broken clock than history,
 * and an event that old would be pruned on arrival.
 */
export const MAX_AGE_SECONDS = 400 * 86_400;

/**
 * An uptime is turned into an estimated start (received − uptime), and that must stay a safe
 * integer of milliseconds. A longer one is a mistaken unit; it is left out with a warning, because
 * the beat itself is true.
 */
export const MAX_UPTIME_SECONDS = 1e12;

export const MAX_PID = 2 ** 32 - 1;

export const MAX_SLUG_LENGTH = 128;

/**
 * Answers and the rejection log are bounded: a thousand bad items are told by their first twenty
 * errors.
 */
export const MAX_FIELD_ERRORS = 20;

export const MAX_WARNINGS = 10;
