export const MESSAGE_KINDS = ['heartbeat', 'diagnostics', 'status'] as const;

export type MessageKind = (typeof MESSAGE_KINDS)[number];

export type Severity = 0 | 1 | 2;

/** What every decoded message may carry; `session` and `seq` are both set or both null. */
export interface Envelope {
  /**
   * The device's own time in epoch milliseconds: a measured clock skew, never a basis of liveness.
   */
  tsMs: number | null;
  ageSeconds: number | null;
  session: string | null;
  seq: number | null;
}

export interface Heartbeat extends Envelope {
  kind: 'heartbeat';
  version: string | null;
  uptimeSeconds: number | null;
  pid: number | null;
  ips: string[] | null;
  hostname: string | null;
  os: string | null;
}

export interface DiagnosticItem {
  code: number;
  severity: Severity;
  message: string;
  /** `''` where the device named none. */
  module: string;
  /** JSON text. */
  context: string | null;
}

export interface Diagnostics extends Envelope {
  kind: 'diagnostics';
  items: DiagnosticItem[];
}

export interface Status extends Envelope {
  kind: 'status';
  /** The device's word, trimmed, otherwise as sent. */
  status: string;
  message: string | null;
  /** JSON text of an object. */
  snapshot: string | null;
}

export type Message = Heartbeat | Diagnostics | Status;

/**
 * One refused field. The path uses the key that the device sent (`diagnostics[3].severity`); `''`
 * is the body itself.
 */
export interface FieldError {
  path: string;
  message: string;
}

/** The kinds as they complete "must be …". */
export const KIND_EXPECTED = "'heartbeat', 'diagnostics' or 'status'";

/** Tells whether a value names a kind of message. */
export function isMessageKind(value: unknown): value is MessageKind {
  return (MESSAGE_KINDS as readonly unknown[]).includes(value);
}
