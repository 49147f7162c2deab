/** Returns a number with its noun: `1 machine`, `2 machines`. */
export function countNoun(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
