import { DEFAULT_WIRE_LIMITS } from '../protocol/limits.ts';
import type { IngestLimits } from './request.ts';

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  machinesPerCustomer: 100_000,
  instancesPerMachine: 100,
  openDiagnostics: 1_000,
  overdueAfterMs: 5 * 60_000,
  uploadBytes: 128 * 1024 * 1024,
  wire: DEFAULT_WIRE_LIMITS,
};
