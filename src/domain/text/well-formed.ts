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
  return { text: detach(text.slice(0, end)), cut: true };
}

/**
 * The same text apart from the one that it was cut from: V8 makes a cut a view, which keeps the
 * whole text alive for as long as the cut is kept, and that may be a megabyte for a version.
 */
export function detach(cut: string): string {
  return Buffer.from(cut, 'utf16le').toString('utf16le');
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
