/** Where the values of an argument or a flag come from while it is typed. */
export type ValueSource =
  | 'customers'
  | 'active customers'
  | 'inactive customers'
  | 'machines'
  | 'machine paths'
  | 'software paths'
  | 'tokens'
  | 'unrevoked tokens'
  | 'rejections'
  | 'reasons'
  | 'lights'
  | 'severities'
  /** Codes of what is open on the software in the first argument. */
  | 'open codes'
  | 'files'
  /** Whatever the user wants: a new slug, a text, a number. */
  | 'free';

export interface ValueKind {
  source: ValueSource;
  /** Several may stand in one word, with commas between them. */
  isList?: boolean;
}

const listOf = (source: ValueSource): ValueKind => ({ source, isList: true });

/**
 * By command, topic, or for all, with `<argument>` or `--flag`: the entry with the most words
 * counts. Every argument must be found here (a test looks); a flag that is not is free.
 */
export const VALUE_KINDS: Readonly<Record<string, ValueKind>> = {
  '--config': { source: 'files' },
  '--database': { source: 'files' },
  '--from': { source: 'files' },
  '--to': { source: 'files' },
  '--customer': { source: 'customers' },
  '--parent': { source: 'active customers' },
  '--health': listOf('lights'),
  'rejections --customer': listOf('customers'),
  'rejections --machine': listOf('machines'),
  'rejections --reason': listOf('reasons'),
  '<customer>': { source: 'customers' },
  '<machine>': { source: 'machine paths' },
  '<path>': { source: 'software paths' },
  'machine forget <path>': { source: 'machine paths' },
  '<code>': { source: 'open codes' },
  'diagnostics --customer': listOf('customers'),
  'diagnostics --severity': listOf('severities'),
  'customer <slug>': { source: 'customers' },
  'customer create <slug>': { source: 'free' },
  'customer activate <slug>': { source: 'inactive customers' },
  'customer deactivate <slug>': { source: 'active customers' },
  'rejections <id>': { source: 'rejections' },
  'software list <path>': { source: 'machine paths' },
  'token <id>': { source: 'tokens' },
  'token create <customer>': { source: 'active customers' },
  'token revoke <id>': { source: 'unrevoked tokens' },
  'token rotate <id>': { source: 'unrevoked tokens' },
};

/** Returns the kind of values of `<argument>` or `--flag` of a command; undefined where the table says nothing. */
export function findValueKind(command: readonly string[], name: string): ValueKind | undefined {
  const keys = [...command.keys(), command.length]
    .reverse()
    .map((words) => [...command.slice(0, words), name].join(' '));
  const key = keys.find((each) => Object.hasOwn(VALUE_KINDS, each));
  return key === undefined ? undefined : VALUE_KINDS[key];
}
