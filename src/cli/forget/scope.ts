import { boolean } from '@oclif/core/flags';
import type { ForgetLevel } from '../../db/forget/targets.ts';
import { FleetError } from '../../domain/errors.ts';
import { durationFlag, yesFlag } from '../flags.ts';
import { type PathArgument, parsePath } from '../path-argument.ts';

/** The flags of both commands that forget. */
export const forgetFlags = {
  'not-seen-for': durationFlag({
    description: 'In bulk: all that sent nothing for this long while a server listened.',
  }),
  'dry-run': boolean({
    default: false,
    description: 'Show what would be forgotten, and change nothing.',
  }),
  yes: yesFlag,
};

/** What is to be forgotten: one path, or below a path (or everywhere) all that was not seen. */
export interface ForgetScope {
  path: PathArgument | undefined;
  /** Undefined for one path. */
  notSeenForMs: number | undefined;
}

/** How deep the path of one target is, and what to type where it is not clear what is meant. */
const FORMS = {
  machine: { depth: 2, one: 'my-company/pc-1' },
  software: { depth: 3, one: 'my-company/pc-1/my-app' },
} as const;

/** Reads what is to be forgotten; throws a usage error with what to type for both ways at once, or none. */
export function parseForgetScope(
  level: ForgetLevel,
  text: string | undefined,
  notSeenForMs: number | undefined,
): ForgetScope {
  const { depth } = FORMS[level];
  if (notSeenForMs === undefined) {
    if (text === undefined) throw refuseNothing(level);
    return { path: parsePath(text, { least: depth, most: depth }), notSeenForMs };
  }
  if (notSeenForMs === 0) throw new FleetError('usage', '--not-seen-for must be above 0.');
  if (text === undefined) return { path: undefined, notSeenForMs };
  const path = parsePath(text, { least: 1, most: depth });
  if (path[level] !== undefined) throw refuseBoth(level, path);
  return { path, notSeenForMs };
}

function refuseNothing(level: ForgetLevel): FleetError {
  return new FleetError('usage', `Say which ${level} is to be forgotten.`, {
    hint: `fleet ${level} forget ${FORMS[level].one}, or in bulk: fleet ${level} forget --not-seen-for 90d my-company`,
  });
}

function refuseBoth(level: ForgetLevel, { customer, machine, software }: PathArgument): FleetError {
  const one = [customer, machine, software].filter((part) => part !== undefined);
  const above = one.slice(0, -1).join('/');
  return new FleetError('usage', `--not-seen-for is for all below a path, not for one ${level}.`, {
    hint: `fleet ${level} forget ${one.join('/')}, or in bulk: fleet ${level} forget --not-seen-for 90d ${above}`,
  });
}
