import type { Severity } from './messages.ts';

/**
 * Absent in any of its three forms: JSON leaves out `undefined`, and the server reads `null` as
 * absent.
 */
type Maybe<T> = T | null | undefined;

/** What every payload may carry besides its own fields. */
export interface EnvelopePayload {
  /** RFC 3339, or a number: seconds, milliseconds from 1e11 on. */
  ts?: Maybe<string | number>;
  /** How old the message is by the sender's own clock; for what was kept and is sent again. */
  age_seconds?: Maybe<number>;
  /** New at each start of the client; only together with `seq`. */
  session?: Maybe<string>;
  seq?: Maybe<number>;
}

export interface HeartbeatPayload extends EnvelopePayload {
  version?: Maybe<string>;
  uptime_seconds?: Maybe<number>;
  pid?: Maybe<number>;
  ips?: Maybe<readonly string[]>;
  hostname?: Maybe<string>;
  os?: Maybe<string>;
}

export interface DiagnosticPayload {
  code: number;
  message: string;
  severity: Severity;
  module?: Maybe<string>;
  context?: unknown;
}

export interface DiagnosticsPayload extends EnvelopePayload {
  diagnostics: readonly DiagnosticPayload[];
}

export interface StatusPayload extends EnvelopePayload {
  status: string;
  message?: Maybe<string>;
  snapshot?: Maybe<Readonly<Record<string, unknown>>>;
}

export interface PayloadByKind {
  heartbeat: HeartbeatPayload;
  diagnostics: DiagnosticsPayload;
  status: StatusPayload;
}

/** A payload that names its kind. */
type KindedPayload = {
  [Kind in keyof PayloadByKind]: { kind: Kind } & PayloadByKind[Kind];
}[keyof PayloadByKind];

/** One line of a batch. */
export type BatchLinePayload = { machine: string; software: string } & KindedPayload;

/**
 * The body of a preflight check: a payload to be judged, or only an envelope for the clock skew.
 */
export type CheckPayload = KindedPayload | EnvelopePayload;
