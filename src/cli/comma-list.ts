/** Several values in one word, with commas between them: one of them must apply. */
import { custom } from '@oclif/core/flags';
import { FleetError } from '../domain/errors.ts';
import { suggestSimilar } from '../domain/text/suggest.ts';

/** Returns the parts of a comma list; throws a usage error where there is none. */
export function splitList(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new FleetError('usage', 'The list is empty.');
  return parts;
}

/** Returns the parts, each of which must be one of the known; else a usage error says which was probably meant. */
export function splitKnown<Known extends string>(
  text: string,
  { noun, known }: { noun: string; known: readonly Known[] },
): Known[] {
  return splitList(text).map((part) => {
    const found = known.find((each) => each === part);
    if (found !== undefined) return found;
    const similar = suggestSimilar(part, known);
    const ending =
      similar === null ? `; ${noun}s are ${known.join(', ')}.` : `; did you mean ${similar}?`;
    throw new FleetError('usage', `There is no ${noun} "${part}"${ending}`);
  });
}

/** Values of which one must apply. */
export const listFlag = custom<string[]>({
  parse: async (text) => splitList(text),
});
