import { type DecodeOptions, decodeRecord, listKnownKeys, refuseBody } from './decode.ts';
import { DEFAULT_WIRE_LIMITS } from './limits.ts';
import {
  type FieldError,
  isMessageKind,
  KIND_EXPECTED,
  type Message,
  type MessageKind,
} from './messages.ts';
import { isAbsent, isJsonRecord } from './reading/fields.ts';
import type { JsonRecord } from './reading/findings.ts';
import { isSlug, SLUG_EXPECTED } from './slug.ts';

export interface DecodedLine {
  ok: true;
  machine: string;
  software: string;
  message: Message;
  warnings: string[];
}

export interface RefusedLine {
  ok: false;
  reason: 'invalid_slug' | 'invalid_payload';
  errors: FieldError[];
  /** As the line names them, slugs or not; '' and null where it does not. */
  machine: string;
  software: string;
  kind: MessageKind | null;
}

const LINE_KEYS = listKnownKeys(['machine', 'software', 'kind']);

/**
 * Returns the message of one parsed line of a batch and whom it is about, or what is wrong with it.
 * As on the single endpoints, a slug is judged before the payload. Never throws.
 */
export function decodeBatchLine(
  value: unknown,
  options: DecodeOptions = {},
): DecodedLine | RefusedLine {
  if (!isJsonRecord(value)) return refusePayload({}, refuseBody(value).errors);
  const { machine, software, kind } = value;
  if (!isSlug(machine) || !isSlug(software)) return refuseSlugs(value);
  if (!isMessageKind(kind)) return refuseKind(value);
  const { limits = DEFAULT_WIRE_LIMITS } = options;
  const decoded = decodeRecord(kind, value, { limits, knownKeys: LINE_KEYS[kind] });
  if (!decoded.ok) return refusePayload(value, decoded.errors);
  return { ok: true, machine, software, message: decoded.message, warnings: decoded.warnings };
}

function refuseSlugs(line: JsonRecord): RefusedLine {
  const { machine, software } = line;
  const named = Object.entries({ machine, software }).filter(([, slug]) => !isSlug(slug));
  const errors = named.map(([path, slug]) => ({
    path,
    message: isAbsent(slug) ? 'is required' : `must be ${SLUG_EXPECTED}`,
  }));
  return { ok: false, reason: 'invalid_slug', errors, ...listNames(line) };
}

function refuseKind(line: JsonRecord): RefusedLine {
  const { kind } = line;
  const message = isAbsent(kind) ? `is required: ${KIND_EXPECTED}` : `must be ${KIND_EXPECTED}`;
  return refusePayload(line, [{ path: 'kind', message }]);
}

function refusePayload(line: JsonRecord, errors: FieldError[]): RefusedLine {
  return { ok: false, reason: 'invalid_payload', errors, ...listNames(line) };
}

function listNames({ machine, software, kind }: JsonRecord) {
  return {
    machine: typeof machine === 'string' ? machine : '',
    software: typeof software === 'string' ? software : '',
    kind: isMessageKind(kind) ? kind : null,
  };
}
