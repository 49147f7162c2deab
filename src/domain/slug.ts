export const SLUG_MAX = 128;

export const SLUG_RULE = `A slug has 1 to ${SLUG_MAX} lowercase letters, digits and hyphens and starts with a letter or digit.`;

const SLUG = new RegExp(`^[a-z0-9][a-z0-9-]{0,${SLUG_MAX - 1}}$`);

/** Returns whether the text may name a customer, a machine or a software. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/**
 * Returns the slug that was probably meant by the text, or null where nothing of it can stand in a
 * slug.
 */
export function suggestSlug(text: string): string | null {
  if (isSlug(text)) return text;
  const slug = toLatinLetters(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, SLUG_MAX)
    .replace(/-$/, '');
  return slug === '' ? null : slug;
}

// Upper case first, because it alone spells out 'ß' (SS); NFKD then takes the dots off 'Ü' and
// opens ligatures.
function toLatinLetters(text: string): string {
  return text
    .toUpperCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
