import { FleetError } from '../../domain/errors.ts';

type Verdict = 'busy' | 'disk_full' | 'io' | 'not_permitted' | 'database_unreachable' | 'damaged';

/** What the codes of better-sqlite3, PostgreSQL and the socket mean; matched by prefix. */
const VERDICTS: ReadonlyArray<readonly [string, Verdict]> = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_INTERRUPT', 'busy'],
  ['SQLITE_NOMEM', 'io'],
  ['SQLITE_FULL', 'disk_full'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_READONLY', 'not_permitted'],
  ['SQLITE_PERM', 'not_permitted'],
  ['SQLITE_CANTOPEN', 'not_permitted'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['EACCES', 'not_permitted'],
  ['ENOSPC', 'disk_full'],
  ['ECONN', 'database_unreachable'],
  ['ENOTFOUND', 'database_unreachable'],
  ['EAI_AGAIN', 'database_unreachable'],
  ['ETIMEDOUT', 'database_unreachable'],
  ['EHOSTUNREACH', 'database_unreachable'],
  ['ENETUNREACH', 'database_unreachable'],
  ['EPIPE', 'database_unreachable'],
  // PostgreSQL: connection exceptions, resources, shutdown, time limits, serialization failures.
  ['08', 'database_unreachable'],
  ['57P', 'database_unreachable'],
  ['53100', 'disk_full'],
  ['53', 'database_unreachable'],
  ['25006', 'database_unreachable'],
  ['25P03', 'database_unreachable'],
  ['57014', 'busy'],
  ['40001', 'busy'],
  ['40P01', 'busy'],
  ['55P03', 'busy'],
  ['28', 'not_permitted'],
  ['42501', 'not_permitted'],
  ['3D000', 'not_permitted'],
];

/** pg reports a connection that broke without any code. */
const BROKEN_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client was closed|Cannot use a pool)/;

/** Whether the failure lies in the storage and not in the data: the same batch may succeed later. */
export function isStorageFailure(error: unknown): boolean {
  return judge(error) !== undefined;
}

/** The error of the database at `location` as one that a command can show, or undefined for one of another kind. */
export function describeDatabaseError(error: unknown, location = ''): FleetError | undefined {
  const verdict = judge(error);
  if (verdict === undefined) return undefined;
  const { code, text, hint } = MESSAGES[verdict];
  const details = [location, messageOf(error)].filter((part) => part !== '').join(': ');
  return new FleetError(code, `${text} (${details})`, { hint, cause: error });
}

const MESSAGES = {
  busy: {
    code: 'busy',
    text: 'The database was busy for too long.',
    hint: 'the same command again',
  },
  disk_full: {
    code: 'disk_full',
    text: 'There is no space left for the database.',
    hint: 'free some disk space',
  },
  io: { code: 'io', text: 'The database could not be read or written.', hint: 'check the disk' },
  not_permitted: {
    code: 'not_permitted',
    text: 'The database may not be opened.',
    hint: 'check the owner, the permissions and the credentials',
  },
  database_unreachable: {
    code: 'database_unreachable',
    text: 'The database server is not reachable.',
    hint: 'fleet config show, and check that the server runs',
  },
  damaged: {
    code: 'io',
    text: 'The file is no intact fleet database.',
    hint: 'check --database, or restore a backup',
  },
} as const;

function judge(error: unknown): Verdict | undefined {
  if (!(error instanceof Error)) return undefined;
  if (BROKEN_CONNECTION.test(error.message)) return 'database_unreachable';
  const code = codeOf(error);
  return VERDICTS.find(([prefix]) => code.startsWith(prefix))?.[1];
}

function codeOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String((first as { code?: unknown })?.code ?? '');
}

function messageOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}

/** Whether the database gave this transaction up in favour of another; it can be tried again at once. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && ['40001', '40P01'].includes(codeOf(error));
}

/** Whether a statement named a table that does not exist. */
export function isMissingTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return codeOf(error) === '42P01' || /^no such table: /.test(error.message);
}
