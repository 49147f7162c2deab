const LONGEST_WANTED = 256;
const MOST_EDITS = 3;

/**
 * Returns the known name nearest to the wanted one for "did you mean …?", or null where none is
 * near: one edit for each three characters, at most 3, upper and lower case alike. Of equally near
 * ones the first wins.
 */
export function suggestSimilar(wanted: string, known: Iterable<string>): string | null {
  if (wanted.length > LONGEST_WANTED) return null;
  const target = wanted.toLowerCase();
  let best: string | null = null;
  let allowed = Math.min(MOST_EDITS, Math.floor((target.length + 1) / 3));
  for (const name of known) {
    if (name === wanted) continue;
    const distance = measureEdits(...trimCommonEnds(target, name.toLowerCase()), allowed);
    if (distance > allowed) continue;
    if (distance === 0) return name;
    best = name;
    allowed = distance - 1;
  }
  return best;
}

/**
 * Returns whether two names differ, and in their numbers only, such as `pc-1` and `pc-2`: then they
 * are rather of neighbours than one a misspelling of the other. `pc-01` is a `pc-1`.
 */
export function areNumbered(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => name.toLowerCase().split(/0*(\d+)/));
  if (first?.length !== second?.length) return false;
  const differing = first?.flatMap((part, at) => (part === second?.[at] ? [] : [at])) ?? [];
  return differing.length > 0 && differing.every((at) => at % 2 === 1);
}

// What both begin and end with costs no edit; slugs of one fleet often differ in a few digits only.
function trimCommonEnds(a: string, b: string): [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

// Optimal string alignment (insert, delete, replace, swap neighbours); stops as soon as a whole row
// is above the bound.
function measureEdits(from: string, to: string, bound: number): number {
  if (Math.abs(from.length - to.length) > bound) return bound + 1;
  let older: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = measureRow(from, to, { row, previous, older });
    if (Math.min(...current) > bound) return bound + 1;
    older = previous;
    previous = current;
  }
  return previous[to.length] ?? bound + 1;
}

type Rows = { row: number; previous: number[]; older: number[] };

function measureRow(from: string, to: string, { row, previous, older }: Rows): number[] {
  const current = [row];
  for (let column = 1; column <= to.length; column++) {
    const same = from[row - 1] === to[column - 1];
    let edits = Math.min(
      (previous[column] ?? 0) + 1,
      (current[column - 1] ?? 0) + 1,
      (previous[column - 1] ?? 0) + (same ? 0 : 1),
    );
    const swapped =
      row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
    if (swapped) edits = Math.min(edits, (older[column - 2] ?? 0) + 1);
    current.push(edits);
  }
  return current;
}
