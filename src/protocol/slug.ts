import { MAX_SLUG_LENGTH } from './limits.ts';

/** The published rule for customer, machine and software slugs. */
export const SLUG_PATTERN = /^[a-z0-9][a-z0-9-]*$/;

/** The rule as it completes "must be …". */
export const SLUG_EXPECTED =
  `1 to ${MAX_SLUG_LENGTH} lowercase letters, digits and hyphens, ` +
  'starting with a letter or digit';

/** Tells whether a value keeps the rule. */
export function isSlug(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_SLUG_LENGTH && SLUG_PATTERN.test(value);
}
