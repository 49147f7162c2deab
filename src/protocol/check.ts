import {
  type DecodeOptions,
  decodeRecord,
  listKnownKeys,
  type RefusedMessage,
  refuseBody,
} from './decode.ts';
import { ENVELOPE_KEYS, readEnvelope } from './envelope.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import { type Envelope, isMessageKind, KIND_EXPECTED, type Message } from './messages.ts';
import { isAbsent, isJsonRecord } from './reading/fields.ts';
import { type JsonRecord, startFindings } from './reading/findings.ts';

export interface DecodedCheck {
  ok: true;
  /** The payload that was judged; null where the body is empty or only an envelope. */
  message: Message | null;
  envelope: Envelope;
  warnings: string[];
}

const CHECK_KEYS = listKnownKeys(['kind']);
const ENVELOPE_KEY_SET: ReadonlySet<string> = new Set(ENVELOPE_KEYS);
const EMPTY_BODY: JsonRecord = {};

/**
 * Returns what a preflight body (a batch line without machine and software, or empty) would be
 * taken for, or what is wrong with it. Without a `kind` only the envelope may be there, so that a
 * clock can be checked alone. Never throws.
 */
export function decodeCheck(
  value: unknown,
  options: DecodeOptions = {},
): DecodedCheck | RefusedMessage {
  const record = value === undefined ? EMPTY_BODY : value;
  if (!isJsonRecord(record)) return refuseBody(value);
  const { limits = DEFAULT_WIRE_LIMITS } = options;
  return isAbsent(record.kind) ? checkEnvelope(record, limits) : checkMessage(record, limits);
}

function checkMessage(record: JsonRecord, limits: WireLimits): DecodedCheck | RefusedMessage {
  const { kind } = record;
  if (!isMessageKind(kind)) return refuseKind(`must be ${KIND_EXPECTED}`);
  const decoded = decodeRecord(kind, record, { limits, knownKeys: CHECK_KEYS[kind] });
  if (!decoded.ok) return decoded;
  const { message, warnings } = decoded;
  const { tsMs, ageSeconds, session, seq } = message;
  return { ok: true, message, envelope: { tsMs, ageSeconds, session, seq }, warnings };
}

/**
 * A payload whose kind is unknown can't be judged, and a preflight must not call good what it did
 * not look at.
 */
function checkEnvelope(record: JsonRecord, limits: WireLimits): DecodedCheck | RefusedMessage {
  const hasPayload = Object.keys(record).some(
    (key) => key !== 'kind' && !ENVELOPE_KEY_SET.has(key),
  );
  if (hasPayload) return refuseKind(`is required: ${KIND_EXPECTED}`);
  const findings = startFindings(limits);
  const envelope = readEnvelope(record, findings);
  const { errors, warnings } = findings;
  return errors.length === 0
    ? { ok: true, message: null, envelope, warnings }
    : { ok: false, errors };
}

function refuseKind(message: string): RefusedMessage {
  return { ok: false, errors: [{ path: 'kind', message }] };
}
