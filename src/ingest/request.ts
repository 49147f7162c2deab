import type { WireLimits } from '../protocol/limits.ts';
import type { MessageKind } from '../protocol/messages.ts';

/** What every request brings on its way to the commit: nothing of its body has been looked at. */
export interface SentRequest {
  customer: string;
  /** SHA-256 of the bearer, hex. */
  tokenHash: string;
  /** The bearer itself, only to be redacted wherever a payload repeats it. */
  bearer: string;
  body: Uint8Array;
  isGzip: boolean;
  receivedAtMs: number;
  address: string;
}

/** One message of the instance in the path. */
export interface MessageRequest extends SentRequest {
  endpoint: MessageKind;
  machine: string;
  software: string;
}

/** Many messages, one a line; each line names its instance. */
export interface BatchRequest extends SentRequest {
  endpoint: 'batch';
}

export type IngestRequest = MessageRequest | BatchRequest;

/** How much a valid token can create, and how large a message may be. */
export interface IngestLimits {
  machinesPerCustomer: number;
  instancesPerMachine: number;
  openDiagnostics: number;
  overdueAfterMs: number;
  /** Bytes of larger bodies that may arrive at the same time, over all connections. */
  uploadBytes: number;
  wire: WireLimits;
}
