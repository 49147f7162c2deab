/** What the terminal and the thread of the data say to each other. */
import type { DatabaseLocation } from '../../db/connection/location.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Overview } from './overview.ts';
import type { Requests } from './requests.ts';

export interface DataSetup {
  location: DatabaseLocation;
  /** Who acts, for the audit trail. */
  actor: string;
}

export interface Call {
  id: number;
  kind: keyof Requests;
  input: unknown;
}

export type Reply =
  /** The database could not be opened: the thread ends. */
  | { kind: 'refusal'; failure: Failure }
  | { kind: 'overview'; overview: Overview }
  | { kind: 'answer'; id: number; output: unknown }
  | { kind: 'failure'; id: number; failure: Failure };

/** An error on its way between threads, where its class is lost. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string | null;
}
