import { z } from 'zod';
import { CODE_TEXT } from '../diagnostics.ts';
import {
  DEFAULT_WIRE_LIMITS,
  MAX_AGE_SECONDS,
  MAX_PID,
  MAX_SLUG_LENGTH,
  type WireLimits,
} from '../limits.ts';
import { isAbsent, isJsonRecord } from '../reading/fields.ts';
import { isWithin } from '../reading/text.ts';
import { SLUG_PATTERN } from '../slug.ts';

type Shape = Readonly<Record<string, z.ZodType>>;

/**
 * Returns the published description of the payloads as zod schemas, from which JSON Schema and the
 * OpenAPI document are made. They accept exactly what the decoders accept, but don't cut, clean or
 * warn. Only what publishes or tests imports this file: zod costs 60 ms at start-up.
 */
export function createPayloadSchemas(limits: WireLimits = DEFAULT_WIRE_LIMITS) {
  const heartbeat = listHeartbeatShapes(limits);
  const diagnostics = listDiagnosticsShapes(limits);
  const status = listStatusShapes(limits);
  return {
    heartbeat: uniteShapes(heartbeat),
    diagnostics: uniteShapes(diagnostics),
    status: uniteShapes(status),
    batchLine: z.union([
      uniteShapes(heartbeat, createLineShape('heartbeat')),
      uniteShapes(diagnostics, createLineShape('diagnostics')),
      uniteShapes(status, createLineShape('status')),
    ]),
  };
}

/** One shape for each published key of a pair; unknown fields are ignored, so objects are loose. */
function uniteShapes(shapes: readonly Shape[], extra: Shape = {}): z.ZodType {
  return z.union(shapes.map((shape) => z.looseObject({ ...extra, ...shape })));
}

function listHeartbeatShapes(limits: WireLimits): Shape[] {
  const shape = {
    ...createEnvelopeShape(limits),
    version: describeCut(limits.versionLength),
    uptime_seconds: z.number().min(0).nullish(),
    pid: z.int().min(0).max(MAX_PID).nullish(),
    hostname: describeCut(limits.hostnameLength),
    os: describeCut(limits.osLength),
  };
  const ips = z.array(z.string().max(limits.ipLength)).max(limits.ipsCount);
  return [
    { ...shape, ips },
    { ...shape, ips: z.null().optional(), ip_addresses: ips.nullish() },
  ];
}

function listDiagnosticsShapes(limits: WireLimits): Shape[] {
  const envelope = createEnvelopeShape(limits);
  const items = z.array(createItemSchema(limits)).max(limits.diagnosticsItems);
  return [
    { ...envelope, diagnostics: items },
    { ...envelope, diagnostics: z.null().optional(), items },
  ];
}

function createItemSchema(limits: WireLimits): z.ZodType {
  const codeText = z
    .string()
    .regex(CODE_TEXT)
    .refine((text) => Number.isSafeInteger(Number(text)));
  return z.looseObject({
    code: z.union([z.int(), codeText]),
    message: z.string().describe(`cut to ${limits.messageLength} characters`),
    severity: z.literal([0, 1, 2, '0', '1', '2']).describe('0 info, 1 warning, 2 error'),
    module: z.string().max(limits.moduleLength).nullish(),
    context: boundJson(z.unknown().optional(), limits.contextBytes),
  });
}

function listStatusShapes(limits: WireLimits): Shape[] {
  const { statusLength } = limits;
  const status = z
    .string()
    .regex(/\S/)
    .refine((text) => isWithin(text.trim(), statusLength))
    .describe(`1 to ${statusLength} characters, apart from white space around them`);
  const message = describeCut(limits.messageLength);
  const snapshot = boundJson(createObjectSchema(), limits.snapshotBytes);
  return [{ ...createEnvelopeShape(limits), status, message, snapshot }];
}

function createEnvelopeShape({ sessionLength }: WireLimits): Shape {
  return {
    ts: z
      .unknown()
      .optional()
      .describe(
        'RFC 3339, or epoch seconds, or milliseconds from 1e11 on; anything else is ignored',
      ),
    age_seconds: z.number().min(0).max(MAX_AGE_SECONDS).nullish(),
    session: z.string().min(1).max(sessionLength).nullish(),
    seq: z.int().min(0).nullish(),
  };
}

function createLineShape(kind: string): Shape {
  const slug = z.string().max(MAX_SLUG_LENGTH).regex(SLUG_PATTERN);
  return { machine: slug, software: slug, kind: z.literal(kind) };
}

/** Without a maximum: longer text is accepted and cut. */
function describeCut(length: number): z.ZodType {
  return z.string().nullish().describe(`cut to ${length} characters`);
}

/**
 * Any object as it was sent: the object schemas of zod leave out `__proto__`, and its size with it.
 */
function createObjectSchema(): z.ZodType {
  return z
    .unknown()
    .optional()
    .refine((value) => isAbsent(value) || isJsonRecord(value))
    .meta({ type: ['object', 'null'] });
}

function boundJson(schema: z.ZodType, maxBytes: number): z.ZodType {
  return schema
    .refine((value) => value === undefined || Buffer.byteLength(JSON.stringify(value)) <= maxBytes)
    .meta({ ...schema.meta(), description: `at most ${maxBytes} bytes of JSON` });
}
