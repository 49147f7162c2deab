import { MAX_FIELD_ERRORS, MAX_WARNINGS, type WireLimits } from '../limits.ts';
import type { FieldError } from '../messages.ts';
import { quotePrintable } from './text.ts';

/** A JSON object as it was parsed: nothing is known about its values. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * What one decoding has found so far. The readers return a placeholder beside each error; whoever
 * started the decoding discards the message when there is one. `listKey` and `itemIndex` locate the
 * item being read; the path is put together only when something is wrong with it.
 */
export interface Findings {
  readonly limits: WireLimits;
  readonly errors: FieldError[];
  readonly warnings: string[];
  listKey: string;
  itemIndex: number;
}

/** Returns empty findings for one message. */
export function startFindings(limits: WireLimits): Findings {
  return { limits, errors: [], warnings: [], listKey: '', itemIndex: -1 };
}

/** Adds an error about a key of the body, or of the item being read (`''` is the item itself). */
export function addError(findings: Findings, key: string, message: string): void {
  if (hasAllErrors(findings)) return;
  findings.errors.push({ path: locate(findings, key), message });
}

/** Tells whether more errors would not be reported anyway. */
export function hasAllErrors(findings: Findings): boolean {
  return findings.errors.length >= MAX_FIELD_ERRORS;
}

/** Adds a warning about a key of the body, or of the item being read: `<path> <text>`. */
export function addWarning(findings: Findings, key: string, text: string): void {
  if (findings.warnings.length >= MAX_WARNINGS) return;
  findings.warnings.push(`${locate(findings, key)} ${text}`);
}

/**
 * Names the keys that are not known. The items of a list are not told apart (`items[].hint`), so
 * that one typo in each of a thousand items is one warning.
 */
export function warnUnknownFields(
  findings: Findings,
  record: JsonRecord,
  known: ReadonlySet<string>,
): void {
  for (const key in record) {
    if (!known.has(key)) warnUnknownField(findings, key);
  }
}

function warnUnknownField({ listKey, itemIndex, warnings }: Findings, key: string): void {
  if (warnings.length >= MAX_WARNINGS) return;
  const name = itemIndex < 0 ? key : `${listKey}[].${key}`;
  const warning = `unknown field ${quotePrintable(name)} ignored`;
  if (!warnings.includes(warning)) warnings.push(warning);
}

function locate({ listKey, itemIndex }: Findings, key: string): string {
  if (itemIndex < 0) return key;
  return key === '' ? `${listKey}[${itemIndex}]` : `${listKey}[${itemIndex}].${key}`;
}
