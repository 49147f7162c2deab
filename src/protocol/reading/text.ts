const MAX_QUOTED_LENGTH = 64;

/**
 * Returns text that every database takes: lone surrogates and NUL become U+FFFD (PostgreSQL refuses
 * both, SQLite stores them as something else than was sent).
 */
export function toStorableText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Whether the text has at most so many characters, as JSON Schema's `maxLength` counts them: code points. */
export function isWithin(text: string, maxLength: number): boolean {
  if (text.length <= maxLength) return true;
  return text.length <= 2 * maxLength && countCharacters(text) <= maxLength;
}

/** How many characters (code points) the text has. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/** Returns at most `maxLength` UTF-16 units of the text and never half of a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = isHighSurrogate(text.charCodeAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return detach(text.slice(0, end));
}

/**
 * The same text apart from the one that it was cut from: V8 makes a cut a view, which keeps the
 * whole text alive for as long as the cut is kept, and that may be a megabyte for a version.
 */
function detach(cut: string): string {
  return Buffer.from(cut, 'utf16le').toString('utf16le');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/**
 * Returns the text in quotes, cut to 64 characters, with everything replaced that a terminal or a
 * log would not show as it is (control, format and bidi characters, line separators).
 */
export function quotePrintable(text: string): string {
  const cut = cutText(text, MAX_QUOTED_LENGTH);
  const printable = cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return cut.length < text.length ? `'${printable}…'` : `'${printable}'`;
}
