import { FleetError } from '../errors.ts';
import { holdsToken } from '../tokens/token-pattern.ts';

const NOTE_LENGTH = 500;

/**
 * Returns an operator's note without the space around it, or null where none was given; throws a
 * usage error for one that is empty, too long or contains a token.
 */
export function readNote(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (holdsToken(text)) {
    throw new FleetError('usage', 'The note contains a token; a note is shown in every list.');
  }
  const note = text.trim();
  if (note !== '' && note.length <= NOTE_LENGTH) return note;
  throw new FleetError('usage', `A note must have 1 to ${NOTE_LENGTH} characters.`);
}
