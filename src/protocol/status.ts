import { ENVELOPE_KEYS, readEnvelope } from './envelope.ts';
import type { Status } from './messages.ts';
import { isAbsent, isJsonRecord, readCutText, refuse, type TextRule } from './reading/fields.ts';
import type { Findings, JsonRecord } from './reading/findings.ts';
import { writeJsonText } from './reading/json-text.ts';
import { isWithin, toStorableText } from './reading/text.ts';

export const STATUS_KEYS = [...ENVELOPE_KEYS, 'status', 'message', 'snapshot'] as const;

const MESSAGE: TextRule = { key: 'message', limit: 'messageLength' };
const SNAPSHOT: TextRule = { key: 'snapshot', limit: 'snapshotBytes' };

/** Returns the status; errors and warnings go into the findings. */
export function readStatus(record: JsonRecord, findings: Findings): Status {
  const { tsMs, ageSeconds, session, seq } = readEnvelope(record, findings);
  return {
    kind: 'status',
    tsMs,
    ageSeconds,
    session,
    seq,
    status: readStatusWord(record, findings) ?? '',
    message: readCutText(record, MESSAGE, findings),
    snapshot: readSnapshot(record, findings),
  };
}

/** The word is the identity of its episode, so it is refused and not cut when it is too long. */
function readStatusWord({ status }: JsonRecord, findings: Findings): string | null {
  const { statusLength } = findings.limits;
  if (isAbsent(status)) return refuse(findings, 'status', 'is required');
  const word = typeof status === 'string' ? status.trim() : '';
  if (word !== '' && isWithin(word, statusLength)) return toStorableText(word);
  return refuse(findings, 'status', `must be a string of 1 to ${statusLength} characters`);
}

function readSnapshot({ snapshot }: JsonRecord, findings: Findings): string | null {
  if (isAbsent(snapshot)) return null;
  if (!isJsonRecord(snapshot)) return refuse(findings, SNAPSHOT.key, 'must be a JSON object');
  return writeJsonText(snapshot, SNAPSHOT, findings);
}
