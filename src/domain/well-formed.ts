/**
 * Returns text that both databases can store: lone surrogates and NUL become U+FFFD. (PostgreSQL
 * refuses both, and SQLite ends a text at NUL in some of its functions.)
 */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/**
 * Returns at most `maxLength` UTF-16 units of the text, never half of a surrogate pair, and whether
 * anything was cut.
 */
export function cutText(text: string, maxLength: number): { text: string; cut: boolean } {
  if (text.length <= maxLength) return { text, cut: false };
  const end = splitsPair(text, maxLength) ? maxLength - 1 : maxLength;
  return { text: text.slice(0, end), cut: true };
}

/** Returns whether a cut before this position would separate the two halves of one character. */
export function splitsPair(text: string, position: number): boolean {
  return (
    isHighSurrogate(text.charCodeAt(position - 1)) && isLowSurrogate(text.charCodeAt(position))
  );
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
