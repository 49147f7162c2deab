import { FleetError } from '../domain/errors.ts';
import { isSlug, SLUG_RULE, suggestSlug } from '../domain/slug.ts';
import { holdsToken } from '../domain/tokens/token-pattern.ts';
import type { Target } from '../domain/why/target.ts';

export interface PathArgument {
  customer: string;
  machine: string | undefined;
  software: string | undefined;
}

const LEVELS = ['customer', 'machine', 'software'] as const;

/**
 * Reads `customer/machine/software`, from the level `least` (1 to 3) down to `most`; throws a usage
 * error that shows the form, or proposes a slug where a part is none.
 */
export function parsePath(
  text: string,
  { least, most }: { least: number; most: number },
): PathArgument {
  const parts = splitParts(text, { least, most });
  const wrong = parts.find((part) => !isSlug(part));
  if (wrong !== undefined) throw refuseSlug(wrong);
  const [customer = '', machine, software] = parts;
  return { customer, machine, software };
}

/** Reads what a device posts under, from the customer on, whether its parts are slugs or not; throws a usage error for another form. */
export function parseTarget(text: string): Target {
  const [customer = '', machine = null, software = null] = splitParts(text, { least: 1, most: 3 });
  return { customer, machine, software };
}

/** Reads `customer/machine`. */
export function parseMachinePath(text: string): { customer: string; machine: string } {
  const { customer, machine = '' } = parsePath(text, { least: 2, most: 2 });
  return { customer, machine };
}

/** Reads `customer/machine/software`. */
export function parseSoftwarePath(text: string) {
  const { customer, machine = '', software = '' } = parsePath(text, { least: 3, most: 3 });
  return { customer, machine, software };
}

function splitParts(text: string, { least, most }: { least: number; most: number }): string[] {
  const parts = text.replace(/\/$/, '').split('/');
  const isOfForm = parts.length >= least && parts.length <= most && !parts.includes('');
  if (!isOfForm) throw refuseForm(text, least, most);
  return parts;
}

function refuseForm(text: string, least: number, most: number): FleetError {
  const forms = LEVELS.slice(least - 1, most).map((_, index) =>
    LEVELS.slice(0, least + index).join('/'),
  );
  return new FleetError('usage', `"${text}" is not of the form ${forms.join(' or ')}.`);
}

function refuseSlug(part: string): FleetError {
  const meant = holdsToken(part) ? null : suggestSlug(part);
  const proposal = meant === null ? '' : ` Did you mean "${meant}"?`;
  return new FleetError('usage', `"${part}" is not a slug.${proposal} ${SLUG_RULE}`);
}
