import type { WireLimits } from './limits.ts';
import { createAnswerSchemas } from './schemas/answer-schemas.ts';
import { createPayloadSchemas } from './schemas/payload-schemas.ts';

/** What the published description depends on: the server's settings and its list of refusals. */
export interface WireSchemaOptions {
  readonly limits?: WireLimits;
  readonly reasons?: readonly string[];
}

/**
 * Returns every zod schema of the wire: the payloads a device sends, and the answers it gets.
 */
export function createWireSchemas({ limits, reasons }: WireSchemaOptions = {}) {
  return { ...createPayloadSchemas(limits), ...createAnswerSchemas(reasons) };
}
