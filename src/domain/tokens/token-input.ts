import { HOLDS_TOKEN } from '../customers/customer-input.ts';
import { FleetError } from '../errors.ts';
import { holdsToken } from './token-pattern.ts';

const NAME_LENGTH = 200;

/** Throws a usage error for a name that is too long or holds a token; null is no name. */
export function requireTokenName(name: string | null): void {
  if (name === null) return;
  if (name.length > NAME_LENGTH) {
    throw new FleetError('usage', `The name must have at most ${NAME_LENGTH} characters.`);
  }
  if (holdsToken(name)) throw new FleetError('usage', HOLDS_TOKEN);
}
