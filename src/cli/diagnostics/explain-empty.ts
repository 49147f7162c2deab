import type { Kysely } from 'kysely';
import type { DiagnosticFilter } from '../../db/diagnostics/sources.ts';
import { explainMissingPath, isHiddenPath } from '../../db/paths.ts';
import type { Database } from '../../db/schema.ts';
import { countSoftware } from '../../db/software.ts';
import { FleetError } from '../../domain/errors.ts';
import { writeNote } from '../output.ts';

/**
 * Looks why no diagnostic matches: throws `not_found` where there is no such path or customer, and
 * says on stderr where a customer is deactivated, or that nothing is open.
 */
export async function explainNoDiagnostics(
  db: Kysely<Database>,
  filter: DiagnosticFilter,
): Promise<void> {
  const hidden = await findHidden(db, filter);
  if (hidden !== undefined && !filter.includeDeactivated) {
    return writeNote(`The customer ${hidden} is deactivated: --all shows what it had.`);
  }
  const { severities, codes, sinceMs, includeClosed } = filter;
  const isFiltered = [severities, codes, sinceMs].some((each) => each !== undefined);
  writeNote(isFiltered || includeClosed ? 'Nothing matches.' : 'Nothing is open.');
}

/** Says on stderr what the filter names that is not there: whoever follows may wait for it, or be mistaken. */
export async function noteMissing(
  db: Kysely<Database>,
  filter: Omit<DiagnosticFilter, 'nowMs'>,
): Promise<void> {
  try {
    await findHidden(db, filter);
  } catch (error) {
    if (!(error instanceof FleetError) || error.code !== 'not_found') throw error;
    writeNote(`${error.message} Waiting for it.`);
  }
}

/** Throws `not_found` unless there is such an instance. */
export async function requireInstance(
  db: Kysely<Database>,
  { customer, machine, software }: { customer: string; machine: string; software: string },
): Promise<void> {
  const path = { customer, machine, software };
  const count = await countSoftware(db, { ...path, includeDeactivated: true });
  if (count === 0) throw await explainMissingPath(db, path);
}

async function findHidden(
  db: Kysely<Database>,
  { customer, machine, software, customers = [] }: Omit<DiagnosticFilter, 'nowMs'>,
): Promise<string | undefined> {
  let hidden: string | undefined;
  for (const each of customers) if (await isHiddenPath(db, { customer: each })) hidden ??= each;
  if (customer === undefined) return hidden;
  if (await isHiddenPath(db, { customer, machine })) hidden ??= customer;
  if (machine !== undefined && software !== undefined) {
    await requireInstance(db, { customer, machine, software });
  }
  return hidden;
}
