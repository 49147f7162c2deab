/** The path that is asked about, and which refused requests may be of the device behind it. */
import { isSlug, suggestSlug } from '../slug.ts';
import { areNumbered, suggestSimilar } from '../text/suggest.ts';

/** Texts, and not always slugs: what a device posts under need not be any. */
export interface Target {
  customer: string;
  machine: string | null;
  software: string | null;
}

/** To whom a refused request was addressed; `''` where it named nothing. */
export interface RefusedPath {
  customer: string;
  machine: string;
  software: string;
  reason: string;
  token_customer: string;
}

const LEVELS = ['customer', 'machine', 'software'] as const;

/** Returns the path as it is typed. */
export function joinPath({ customer, machine, software }: Target): string {
  return [customer, machine, software].filter((part) => part !== null).join('/');
}

/** Reads what `joinPath` wrote. */
export function splitPath(path: string): Target {
  const [customer = '', machine = null, software = null] = path.split('/');
  return { customer, machine, software };
}

/** The command that answers for a path; null where it is none. */
export function askWhy(target: Target): string | null {
  const path = joinPath(target);
  return path.split('/').every(isSlug) ? `fleet why ${path}` : null;
}

/** Returns whether a refused request was addressed to the path or to something below it. */
export function isSamePath(target: Target, refused: RefusedPath): boolean {
  if (target.machine === null && refused.token_customer === target.customer) return true;
  return LEVELS.every((level) => target[level] === null || target[level] === refused[level]);
}

/**
 * Returns whether a refused request that was addressed to another path may be of the same device:
 * the names are similar, it held a token of the right customer, or it named no whole path (a batch,
 * an endpoint that does not exist).
 */
export function isSimilarPath(target: Target, refused: RefusedPath): boolean {
  if (isSamePath(target, refused)) return false;
  if (isIncomplete(target, refused)) return true;
  return LEVELS.every((level) => {
    const wanted = target[level];
    if (wanted === null || isSimilar(wanted, refused[level])) return true;
    return level === 'customer' && refused.token_customer === wanted;
  });
}

function isIncomplete(target: Target, { customer, machine, reason }: RefusedPath): boolean {
  if (target.machine === null || customer !== target.customer) return false;
  return machine === '' || (reason === 'unknown_endpoint' && machine === target.machine);
}

function isSimilar(wanted: string, sent: string): boolean {
  if (sent === wanted) return true;
  if (sent === '' || areNumbered(sent, wanted)) return false;
  return suggestSimilar(sent, [wanted]) !== null || suggestSlug(sent) === wanted;
}
