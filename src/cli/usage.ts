import { FleetError } from '../domain/errors.ts';
import { suggestSimilar } from '../domain/text/suggest.ts';

/** What oclif's parser throws, by the name of its class; it exports none of them. */
interface ParseError extends Error {
  flags?: string[];
  args?: unknown[];
}

export interface UsageContext {
  /** The command as it is typed, `fleet customer create`. */
  command: string;
  flagNames: readonly string[];
}

type Describe = (error: ParseError, context: UsageContext) => string;

const FLAG_PARSING = /^Parsing --(\S+) \n\t([\s\S]*)\nSee more help with --help$/;
const FOOTER = '\nSee more help with --help';

const DESCRIPTIONS: Readonly<Record<string, Describe>> = {
  NonExistentFlagsError: describeUnknownFlag,
  RequiredArgsError: ({ args = [] }) => {
    const names = (args as { name: string }[]).map(({ name }) => `<${name}>`);
    return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing.`;
  },
  UnexpectedArgsError: ({ args = [] }) =>
    `Unexpected ${args.length === 1 ? 'argument' : 'arguments'}: ${args.join(' ')}.`,
};

/**
 * Returns what oclif says about a wrong command line as one sentence, or undefined for an error of
 * another kind. Errors of our own that a flag's parser threw keep their code and hint.
 */
export function describeUsage(error: unknown, context: UsageContext): FleetError | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, flag, reason] = FLAG_PARSING.exec(error.message) ?? [];
  const code = error instanceof FleetError ? error.code : 'usage';
  const hint = (error instanceof FleetError && error.hint) || `${context.command} --help`;
  if (flag !== undefined && reason !== undefined) {
    return new FleetError(code, `--${flag}: ${reason}`, { hint, cause: error });
  }
  if (error instanceof FleetError) {
    return error.hint || code !== 'usage' ? error : new FleetError(code, error.message, { hint });
  }
  if (!isOclifError(error)) return undefined;
  const describe = DESCRIPTIONS[error.constructor.name] ?? describePlainly;
  return new FleetError('usage', describe(error, context), { hint, cause: error });
}

function isOclifError(error: Error): boolean {
  return 'oclif' in error && (error as { oclif?: { exit?: number } }).oclif?.exit === 2;
}

function describeUnknownFlag({ flags = [] }: ParseError, { flagNames }: UsageContext): string {
  const [flag = ''] = flags;
  const name = flag.replace(/^-+/, '').replace(/=.*$/s, '');
  const similar = suggestSimilar(name, flagNames);
  const shown = `${flag.startsWith('--') ? '--' : '-'}${name}`;
  return `There is no flag ${shown}${similar ? `; did you mean --${similar}?` : '.'}`;
}

// "The following errors occurred:\n  reason\n  reason"
function describePlainly(error: ParseError): string {
  const text = error.message.replace(FOOTER, '').replace(/^The following errors? occurred:\s*/, '');
  const sentence = text
    .split('\n')
    .map((line) => line.trim())
    .join('; ')
    .replace(/Missing required flag (\S+)/g, 'The flag --$1 is missing');
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
