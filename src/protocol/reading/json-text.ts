import { refuse, type TextRule } from './fields.ts';
import type { Findings } from './findings.ts';

const UTF8_BYTES_PER_UNIT = 3;

/**
 * Returns a device's free JSON as text. It is refused, not cut, above its limit (in bytes of
 * UTF-8), because half a document is none. The text is storable as it is: JSON.stringify escapes
 * NUL and lone surrogates.
 */
export function writeJsonText(value: unknown, rule: TextRule, findings: Findings): string | null {
  const text = stringify(value);
  if (text === null) return refuse(findings, rule.key, 'must be JSON');
  const maxBytes = findings.limits[rule.limit];
  if (text.length * UTF8_BYTES_PER_UNIT <= maxBytes) return text;
  const bytes = Buffer.byteLength(text);
  return bytes <= maxBytes
    ? text
    : refuse(findings, rule.key, `must be at most ${maxBytes} bytes of JSON, not ${bytes}`);
}

/**
 * What came out of JSON.parse within the depth limit never fails; what a caller built itself can
 * (cycles, bigint).
 */
function stringify(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}
