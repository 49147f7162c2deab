import { custom } from '@oclif/core/flags';
import { FleetError } from '../domain/errors.ts';

/** Several values in one word, with commas between them. */
export const listFlag = custom<string[]>({
  parse: async (text) => splitList(text),
});

/** Returns the parts of a comma list; throws a usage error where there is none. */
export function splitList(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new FleetError('usage', 'The list is empty.');
  return parts;
}
