import { MAX_AGE_SECONDS } from './limits.ts';
import type { Envelope } from './messages.ts';
import {
  isAbsent,
  type NumberRule,
  readBoundedText,
  readNumber,
  refuse,
  type TextRule,
} from './reading/fields.ts';
import { addWarning, type Findings, type JsonRecord } from './reading/findings.ts';
import { quotePrintable } from './reading/text.ts';
import { parseTimestamp } from './reading/timestamp.ts';

/** The keys that every kind of message may carry. */
export const ENVELOPE_KEYS = ['ts', 'age_seconds', 'session', 'seq'] as const;

const AGE_SECONDS: NumberRule = {
  key: 'age_seconds',
  max: MAX_AGE_SECONDS,
  isInteger: false,
  expected: `a number from 0 to ${MAX_AGE_SECONDS} (400 days)`,
};

const SESSION: TextRule = { key: 'session', limit: 'sessionLength' };

const SEQ: NumberRule = {
  key: 'seq',
  max: Number.MAX_SAFE_INTEGER,
  isInteger: true,
  expected: `an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
};

/** Returns what all kinds have in common; errors and warnings go into the findings. */
export function readEnvelope(record: JsonRecord, findings: Findings): Envelope {
  const session = readSession(record, findings);
  const seq = readNumber(record, SEQ, findings);
  const isPair = session !== null && seq !== null;
  if (!isPair && (session !== null || seq !== null)) warnHalfPair(findings, session === null);
  return {
    tsMs: readTs(record, findings),
    ageSeconds: readNumber(record, AGE_SECONDS, findings),
    session: isPair ? session : null,
    seq: isPair ? seq : null,
  };
}

/**
 * A time that can't be read is a warning, never an error: it decides nothing (neither liveness nor
 * lateness), so refusing the message for it would lose data for the sake of a measured clock skew.
 */
function readTs({ ts }: JsonRecord, findings: Findings): number | null {
  if (isAbsent(ts)) return null;
  const timestamp = parseTimestamp(ts);
  if (timestamp === null) {
    const shown = typeof ts === 'object' ? 'value' : quotePrintable(String(ts));
    addWarning(
      findings,
      'ts',
      `${shown} ignored: neither RFC 3339 nor epoch seconds or milliseconds`,
    );
    return null;
  }
  if (!timestamp.isZoned) addWarning(findings, 'ts', 'has no time zone, taken as UTC');
  return timestamp.ms;
}

function readSession(record: JsonRecord, findings: Findings): string | null {
  const session = readBoundedText(record, SESSION, findings);
  return session === '' ? refuse(findings, SESSION.key, 'must not be empty') : session;
}

function warnHalfPair(findings: Findings, isSessionMissing: boolean): void {
  const [present, missing] = isSessionMissing ? ['seq', 'session'] : ['session', 'seq'];
  addWarning(findings, present, `ignored without '${missing}': repeats are not recognized`);
}
