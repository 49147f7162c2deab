/** Reading command lines. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What is wrong with the command line, as a sentence. */
export class UsageError extends Error {}

/** Returns the values of options, or their defaults; throws a UsageError for others. */
export function parseOptions<const Flags extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Flags,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Reads the value of an option; throws a UsageError unless it is a whole number, large enough. */
export function readNumber(name: string, text: string, least = 1): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new UsageError(`--${name} must be a whole number from ${least.toLocaleString('en')} on.`);
}
