import { isSlug } from './slug.ts';

/**
 * Template tag for a command line to copy: returns it with the values filled in, or null where one
 * of them is neither a slug nor a whole number. Values come from the path of a stranger's request
 * and end in an operator's shell; a slug can neither break out of its word nor pass for a flag.
 */
export function slugCommand(
  texts: TemplateStringsArray,
  ...values: (string | number | null)[]
): string | null {
  if (!values.every(isHarmless)) return null;
  return String.raw({ raw: texts }, ...values);
}

function isHarmless(value: string | number | null): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value) && value >= 0
    : value !== null && isSlug(value);
}
