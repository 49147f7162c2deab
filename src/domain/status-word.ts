/** Returns whether two status words are one: trimmed and case-insensitive. */
export function isSameWord(one: string, two: string): boolean {
  return one.trim().toLowerCase() === two.trim().toLowerCase();
}
