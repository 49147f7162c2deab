import { DEFAULT_OVERDUE_MS } from '../domain/customers/overdue-limit.ts';
import { DEFAULT_WIRE_LIMITS } from '../protocol/limits.ts';
import type { IngestLimits } from './request.ts';

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  machinesPerCustomer: 100_000,
  instancesPerMachine: 100,
  openDiagnostics: 1_000,
  overdueAfterMs: DEFAULT_OVERDUE_MS,
  uploadBytes: 128 * 1024 * 1024,
  wire: DEFAULT_WIRE_LIMITS,
};
