/** What may be said of a customer: one set of rules for the command line and the dashboard. */
import { FleetError } from '../errors.ts';
import { isSlug, SLUG_RULE, suggestSlug } from '../slug.ts';
import { holdsToken } from '../tokens/token-pattern.ts';
import { DEFAULT_LIMIT, isOverdueLimit, OVERDUE_LIMIT_RULE } from './overdue-limit.ts';

/** The settings of a customer that can be changed; undefined leaves one as it is, null clears it. */
export interface CustomerSettings {
  name?: string | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  parent?: string | null | undefined;
  overdueAfterMs?: number | null | undefined;
  machineLimit?: number | null | undefined;
}

/** What is said of a name in which a token stands: it would be shown in every list. */
export const HOLDS_TOKEN = 'The name contains a token; a name is shown in every list.';

const NAME_LENGTH = 200;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const PHONE = /^\+?[0-9 ()./-]{3,40}$/;

/** Returns a machine limit, or null for `default`; throws a usage error for what is no whole number. */
export function parseMachineLimit(text: string): number | null {
  if (text === DEFAULT_LIMIT) return null;
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new FleetError('usage', `"${text}" is no machine limit: give a whole number or "default".`);
}

/** Throws a usage error unless the text is a slug, with a proposal where one can be made. */
export function requireSlug(text: string): void {
  if (isSlug(text)) return;
  const meant = holdsToken(text) ? null : suggestSlug(text);
  throw new FleetError('usage', `"${text}" is not a slug. ${SLUG_RULE}`, {
    hint: meant === null ? 'fleet customer create my-company' : `fleet customer create ${meant}`,
  });
}

/** Throws a usage error that names the first setting which is not as it must be. */
export function requireValidSettings(settings: CustomerSettings): void {
  for (const { isWrong, message } of RULES) {
    if (isWrong(settings)) throw new FleetError('usage', message);
  }
}

const RULES = [
  {
    isWrong: ({ name }: CustomerSettings) => name !== undefined && holdsToken(name),
    message: HOLDS_TOKEN,
  },
  {
    isWrong: ({ name }: CustomerSettings) =>
      name !== undefined && (name.trim() === '' || name.length > NAME_LENGTH),
    message: `The name must have 1 to ${NAME_LENGTH} characters.`,
  },
  {
    isWrong: ({ email }: CustomerSettings) => typeof email === 'string' && !EMAIL.test(email),
    message: 'The e-mail address must be of the form name@example.com.',
  },
  {
    isWrong: ({ phone }: CustomerSettings) => typeof phone === 'string' && !PHONE.test(phone),
    message: 'The phone number may contain digits, spaces and + ( ) . / - only.',
  },
  {
    isWrong: ({ parent }: CustomerSettings) => typeof parent === 'string' && !isSlug(parent),
    message: `The parent must be the slug of a customer. ${SLUG_RULE}`,
  },
  {
    isWrong: ({ overdueAfterMs }: CustomerSettings) =>
      overdueAfterMs !== undefined && !isOverdueLimit(overdueAfterMs),
    message: OVERDUE_LIMIT_RULE,
  },
  {
    isWrong: ({ machineLimit }: CustomerSettings) =>
      typeof machineLimit === 'number' && (!Number.isInteger(machineLimit) || machineLimit < 1),
    message: 'The machine limit must be a whole number from 1 on.',
  },
];
