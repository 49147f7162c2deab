/** The exit codes of every command; scripts rely on them (sysexits.h where it has one). */
export const EXIT_CODES = {
  0: 'ok',
  1: 'failure',
  2: 'usage',
  3: 'not found',
  4: 'not permitted',
  5: 'conflict',
  10: 'red (with --exit-code)',
  69: 'server or database unreachable',
  70: 'bug',
  74: 'I/O, disk full',
  75: 'busy, try again',
  78: 'configuration',
  130: 'interrupted',
} as const satisfies Record<number, string>;

export type ExitCode = keyof typeof EXIT_CODES;

type ErrorRow = { exit: ExitCode; title: string; hint?: string };

const CATALOGUE = {
  failure: { exit: 1, title: 'The command failed' },
  usage: { exit: 2, title: 'The command was used wrongly' },
  not_found: { exit: 3, title: 'Not found' },
  not_permitted: { exit: 4, title: 'Not permitted' },
  conflict: { exit: 5, title: 'In conflict with what exists' },
  database_missing: {
    exit: 78,
    title: 'There is no database yet',
    hint: 'fleet customer create my-company',
  },
  schema_old: { exit: 78, title: 'The database is of an older version', hint: 'fleet migrate' },
  schema_new: {
    exit: 78,
    title: 'The database is of a newer version',
    hint: 'Use the version of fleet that wrote it, or a newer one.',
  },
  configuration: { exit: 78, title: 'The configuration is wrong', hint: 'fleet config show' },
  database_unreachable: {
    exit: 69,
    title: 'The database cannot be reached',
    hint: 'fleet config show',
  },
  server_unreachable: { exit: 69, title: 'The server cannot be reached' },
  bug: {
    exit: 70,
    title: 'This is a bug',
    hint: 'Run it again with --debug and report what it prints.',
  },
  io: { exit: 74, title: 'Reading or writing failed' },
  disk_full: { exit: 74, title: 'The disk is full', hint: 'Free some space and run it again.' },
  busy: { exit: 75, title: 'The database is busy', hint: 'Run it again in a moment.' },
  interrupted: { exit: 130, title: 'Interrupted' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof CATALOGUE;

/**
 * Every error of the command line and the domain; `hint` is what stands after "Try:" unless the
 * error brings its own.
 */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = CATALOGUE;

/**
 * An error that the person at the terminal can act upon: one sentence, an exit code and, where
 * there is one, a way on.
 */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
  }

  get exit(): ExitCode {
    return ERRORS[this.code].exit;
  }
}
