import type { WireLimits } from '../limits.ts';
import { addError, addWarning, type Findings, type JsonRecord } from './findings.ts';
import { countCharacters, cutText, isWithin, toStorableText } from './text.ts';

/** How a text field is bounded, by the name of its limit. */
export interface TextRule {
  readonly key: string;
  readonly limit: keyof WireLimits;
}

/** How a number field is bounded; `expected` completes "must be …". */
export interface NumberRule {
  readonly key: string;
  readonly max: number;
  readonly isInteger: boolean;
  readonly expected: string;
}

/** Tells a JSON object from every other JSON value. */
export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells whether a field is absent; `null` means absent everywhere on the wire. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * Returns storable text, cut to its limit with a warning: a report must not be lost because it is
 * long.
 */
export function readCutText(record: JsonRecord, rule: TextRule, findings: Findings): string | null {
  const value = record[rule.key];
  if (isAbsent(value)) return null;
  if (typeof value !== 'string') return refuse(findings, rule.key, 'must be a string');
  const maxLength = findings.limits[rule.limit];
  if (value.length <= maxLength) return toStorableText(value);
  addWarning(findings, rule.key, `cut to ${maxLength} characters`);
  return toStorableText(cutText(value, maxLength));
}

/**
 * Returns storable text within its limit. For names of things: cut, two of them could become one.
 */
export function readBoundedText(
  record: JsonRecord,
  rule: TextRule,
  findings: Findings,
): string | null {
  const value = record[rule.key];
  if (isAbsent(value)) return null;
  if (typeof value !== 'string') return refuse(findings, rule.key, 'must be a string');
  const maxLength = findings.limits[rule.limit];
  if (isWithin(value, maxLength)) return toStorableText(value);
  const length = countCharacters(value);
  return refuse(findings, rule.key, `must be at most ${maxLength} characters, not ${length}`);
}

/** Returns a finite number from 0 to the maximum of the rule. */
export function readNumber(
  record: JsonRecord,
  rule: NumberRule,
  findings: Findings,
): number | null {
  const value = record[rule.key];
  if (isAbsent(value)) return null;
  if (
    typeof value === 'number' &&
    value >= 0 &&
    value <= rule.max &&
    (!rule.isInteger || Number.isInteger(value))
  ) {
    return toPositiveZero(value);
  }
  return refuse(findings, rule.key, `must be ${rule.expected}`);
}

/** Returns 0 for −0, which SQLite would bind as a float, and every other number as it is. */
export function toPositiveZero(value: number): number {
  return value + 0;
}

/**
 * Returns the key of a pair that the device used, or null. Two generations of keys are published;
 * where both are present, the first of the pair wins.
 */
export function pickKey(
  record: JsonRecord,
  keys: readonly [string, string],
  findings: Findings,
): string | null {
  const [first, second] = keys;
  const hasSecond = !isAbsent(record[second]);
  if (isAbsent(record[first])) return hasSecond ? second : null;
  if (hasSecond) addWarning(findings, second, `ignored, because '${first}' is present`);
  return first;
}

/** Adds an error and returns null, the placeholder of what could not be read. */
export function refuse(findings: Findings, key: string, message: string): null {
  addError(findings, key, message);
  return null;
}
