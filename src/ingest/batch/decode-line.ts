import { type DecodedLine, decodeBatchLine } from '../../protocol/batch-line.ts';
import { parseJson } from '../../protocol/json.ts';
import type { WireLimits } from '../../protocol/limits.ts';
import type { FieldError, MessageKind } from '../../protocol/messages.ts';
import { describeErrors } from '../quote.ts';
import type { Lines } from './lines.ts';

/** A line that can't be read. */
export interface UnreadableLine {
  ok: false;
  reason: 'invalid_json' | 'invalid_slug' | 'invalid_payload' | 'payload_too_large';
  detail: string;
  errors: FieldError[] | null;
  /** As the line names them; '' and null where it does not. */
  machine: string;
  software: string;
  kind: MessageKind | null;
  /** Where the fault lies, in characters; null where that is not known. */
  position: number | null;
}

const UNNAMED = { errors: null, machine: '', software: '', kind: null, position: null };

/** The message of one line of a batch, or what is wrong with it; null for a blank line. */
export function decodeLine(
  lines: Lines,
  line: number,
  limits: WireLimits,
): DecodedLine | UnreadableLine | null {
  if (lines.sizeOf(line) > limits.bodyBytes) {
    const detail = `The line is larger than ${limits.bodyBytes} bytes.`;
    return { ok: false, reason: 'payload_too_large', detail, ...UNNAMED };
  }
  const parsed = parseJson(lines.read(line), { maxDepth: limits.jsonDepth, line });
  if (!parsed.ok) {
    const { detail, position } = parsed;
    return { ok: false, reason: 'invalid_json', detail, ...UNNAMED, position };
  }
  if (parsed.value === undefined) return null;
  const decoded = decodeBatchLine(parsed.value, { limits });
  if (decoded.ok) return decoded;
  return { ...decoded, detail: describeErrors(decoded.errors, 'The line'), position: null };
}
