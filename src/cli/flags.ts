import { boolean, custom, string } from '@oclif/core/flags';
import { parseOverdueLimit } from '../domain/customers/overdue-limit.ts';
import { FleetError } from '../domain/errors.ts';
import { parseDuration } from '../domain/time/duration.ts';
import { parseExpiry, parseSince } from '../domain/time/instant.ts';

/** The flags that every command has. */
export const baseFlags = {
  database: string({
    description: 'SQLite file or postgres:// URL (without a password) of the database.',
    env: 'FLEET_DATABASE',
    helpGroup: 'GLOBAL',
    helpValue: '<file or URL>',
  }),
  config: string({
    description: 'Configuration file to read in place of the usual ones.',
    env: 'FLEET_CONFIG',
    helpGroup: 'GLOBAL',
    helpValue: '<file>',
  }),
  debug: boolean({
    description: 'Show where an error came from.',
    env: 'FLEET_DEBUG',
    helpGroup: 'GLOBAL',
  }),
};

/** The answer to the question of a severe action. */
export const yesFlag = boolean({ char: 'y', description: 'Do not ask; for scripts.' });

/** A whole number of at least `min`. */
export const countFlag = custom<number, { min?: number; max?: number }>({
  helpValue: '<number>',
  parse: async (text, _context, { min = 0, max = Number.MAX_SAFE_INTEGER }) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    const upTo = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
    throw new FleetError('usage', `"${text}" is not a whole number ${upTo}.`);
  },
});

/** A duration, in milliseconds. */
export const durationFlag = custom<number>({
  helpValue: '<duration>',
  parse: async (text) => parseDuration(text),
});

/** An overdue limit in milliseconds; null for `default`. */
export const overdueFlag = custom<number | null>({
  helpValue: '<duration|default>',
  parse: async (text) => parseOverdueLimit(text),
});

/** The instant (epoch ms) at which something expires; null for `never`. */
export const expiryFlag = custom<number | null>({
  helpValue: '<duration|date|never>',
  parse: async (text) => parseExpiry(text, Date.now()),
});

/** The instant (epoch ms) from which on something is wanted. */
export const sinceFlag = custom<number>({
  helpValue: '<duration|date>',
  parse: async (text) => parseSince(text, Date.now()),
});

/** What narrows a list to a page; `--limit` is all (entities) or 100 (history) unless given. */
export const pageFlags = {
  limit: countFlag({ min: 1, max: 100_000, description: 'Show at most this many.' }),
  cursor: string({
    description: 'Go on after the page that gave this cursor ("next_cursor" with --json).',
    helpValue: '<cursor>',
  }),
};

/** What a command that follows shows first. */
export const lastFlag = countFlag({
  char: 'n',
  default: 10,
  max: 10_000,
  description: 'First show this many that are there already.',
});
