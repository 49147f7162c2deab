import type { WireLimits } from '../protocol/limits.ts';
import type { MessageKind } from '../protocol/messages.ts';

/** An ingest request on its way to the commit: nothing of its body has been looked at. */
export interface IngestRequest {
  endpoint: MessageKind;
  customer: string;
  machine: string;
  software: string;
  /** SHA-256 of the bearer, hex. */
  tokenHash: string;
  /** The bearer itself, only to be redacted wherever a payload repeats it. */
  bearer: string;
  body: Uint8Array;
  isGzip: boolean;
  receivedAtMs: number;
  address: string;
}

/** How much a valid token can create, and how large a message may be. */
export interface IngestLimits {
  machinesPerCustomer: number;
  instancesPerMachine: number;
  openDiagnostics: number;
  overdueAfterMs: number;
  wire: WireLimits;
}
