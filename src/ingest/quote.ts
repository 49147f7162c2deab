/** What is said of a bad body: the sentence that the device gets, too, and for the log an excerpt without secrets. */
import { excerptPayload } from '../domain/secrets/redact.ts';
import type { FieldError } from '../protocol/messages.ts';

const PAYLOAD_BYTES = 8 * 1024;

/** An excerpt of the text of a message, bounded and without secrets; it shows what stands at `around`. */
export function quotePayload(
  body: Uint8Array,
  { bearer, around = null }: { bearer: string; around?: number | null },
): string {
  const position = around === null ? {} : { around };
  return excerptPayload(toText(body), { maxBytes: PAYLOAD_BYTES, bearer, ...position });
}

const FIELD_PATH = /^(\w+)(?:\[(\d+)\](?:\.(\w+))?)?$/;

/** Roughly where the first bad field stands: enough to choose what is quoted of a long body. */
export function findField(body: Uint8Array, errors: readonly FieldError[]): number | null {
  const [, list, index = '0', field] = FIELD_PATH.exec(errors[0]?.path ?? '') ?? [];
  if (list === undefined) return null;
  const text = toText(body);
  let at = text.indexOf(`"${list}"`);
  for (let item = 0; field !== undefined && at >= 0 && item <= Number(index); item++) {
    at = text.indexOf(`"${field}"`, at + 1);
  }
  return at >= 0 ? at : null;
}

/** The errors as one sentence about `whole`: the first, and how many more there are. */
export function describeErrors(errors: readonly FieldError[], whole: string): string {
  const [first, ...others] = errors;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `${first?.path || whole} ${first?.message}${more}.`;
}

/** As the parser reads it, so that its positions fit: malformed bytes replaced, no byte order mark. */
function toText(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
