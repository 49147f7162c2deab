/** Which of the open diagnostics of an instance an operator means. */
import { FleetError } from '../errors.ts';

export interface DiagnosticName {
  code: number;
  module: string;
}

export interface DiagnosticTarget {
  code: number;
  /** Needed only where the code is open in several modules; '' is the one without. */
  module?: string | undefined;
}

/** More than that are counted: an instance may have a thousand. */
const MOST_NAMED = 10;

/**
 * Returns the one of the open diagnostics that is meant; throws `not_found` with those that are open,
 * or a usage error with the modules among which there is to choose.
 */
export function pickOpen<Open extends DiagnosticName>(
  open: readonly Open[],
  { code, module }: DiagnosticTarget,
  path: string,
): Open {
  const meant = open.filter(
    (each) => each.code === code && (module === undefined || each.module === module),
  );
  const [first, ...others] = meant;
  if (first && others.length === 0) return first;
  if (first) throw refuseSeveral(code, meant);
  const wanted =
    module === '' ? `${code} without a module` : nameDiagnostic({ code, module: module ?? '' });
  throw new FleetError(
    'not_found',
    `${wanted} is not open on ${path}; ${describeOpen(open, 'open are')}.`,
    { hint: `fleet diagnostics list ${path} --all` },
  );
}

/** Returns a code with its module, as `1000 (pump)`; not made printable, as the device chose it. */
export function nameDiagnostic({ code, module }: DiagnosticName): string {
  return module === '' ? String(code) : `${code} (${module})`;
}

/** Returns what is open in words, after a verb: `open are 1000 and 1001 (pump)`, or `nothing is`. */
export function describeOpen(open: readonly DiagnosticName[], verb: string): string {
  if (open.length === 0) return 'nothing is';
  return `${verb} ${enumerate(open.map(nameDiagnostic))}`;
}

function refuseSeveral(code: number, meant: readonly DiagnosticName[]): FleetError {
  const modules = enumerate(meant.map(({ module }) => module || '(none)'));
  return new FleetError('usage', `${code} is open in several modules: ${modules}.`, {
    hint: "--module <module>; --module '' for the one without",
  });
}

function enumerate(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
