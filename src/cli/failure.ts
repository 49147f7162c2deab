import { describeDatabaseError } from '../db/connection/errors.ts';
import { type ErrorCode, FleetError } from '../domain/errors.ts';
import { cleanMessage, encodeJson, writeNote, writeOut } from './output.ts';

/** What oclif's own error handler reads: that it need not print, and the exit code. */
type Reported = { skipOclifErrorHandling: true; oclif: { exit: number } };
export type ReportedError = FleetError & Reported;

export interface ErrorJson {
  error: { code: ErrorCode; message: string; hint: string | null; exit: number };
}

const FILE_VERDICTS: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'not_permitted',
  EPERM: 'not_permitted',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
};

/** Returns any error as one that can be shown; what nobody expected is a `bug` (exit 70). */
export function describeFailure(
  error: unknown,
  { database }: { database?: string | undefined } = {},
): FleetError {
  if (error instanceof FleetError) return error;
  const ofDatabase = database === undefined ? undefined : describeDatabaseError(error, database);
  const known = describeFileError(error) ?? ofDatabase;
  if (known) return known;
  const message = error instanceof Error ? error.message : String(error);
  return new FleetError('bug', `Something unexpected happened: ${message}`, { cause: error });
}

/** Returns the error as the object that `--json` prints in place of a result. */
export function toErrorJson({ code, message, hint, exit }: FleetError): ErrorJson {
  const clean = { message: cleanMessage(message), hint: hint ? cleanMessage(hint) : null };
  return { error: { code, ...clean, exit } };
}

/** Prints the error: JSON on stdout, or a sentence and `Try:` on stderr; the stack only with `debug`. */
export function printFailure(error: FleetError, options: { json: boolean; debug: boolean }): void {
  if (options.debug) writeNote(describeStack(error));
  // Whoever pressed Ctrl-C knows; and what `tail` printed so far is complete.
  if (error.code === 'interrupted') return;
  if (options.json) writeOut(encodeJson(toErrorJson(error), { indent: 2 }));
  else printSentences(error);
}

/** Marks the error as printed, so that oclif only ends the process with its exit code. */
export function markReported(error: FleetError): ReportedError {
  const mark: Reported = { skipOclifErrorHandling: true, oclif: { exit: error.exit } };
  return Object.assign(error, mark);
}

function printSentences({ message, hint }: FleetError): void {
  writeNote(cleanMessage(message));
  if (hint) writeNote(`Try: ${cleanMessage(hint)}`);
}

// A file's error carries its path; a socket's has an address, and SQLite's own have neither.
function describeFileError(error: unknown): FleetError | null {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) return null;
  const code = FILE_VERDICTS[String((error as NodeJS.ErrnoException).code)] ?? 'io';
  return new FleetError(code, `${error.message}.`, { cause: error });
}

function describeStack(error: FleetError): string {
  const cause = error.cause instanceof Error ? error.cause.stack : undefined;
  return (cause ?? error.stack ?? '').replaceAll(/\bfm_\w{8}_\w{38}\b/g, '[token]');
}
